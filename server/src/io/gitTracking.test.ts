// What Git tracks, read from indexes that the real Git wrote: every version, linked work trees, submodules.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { parseGitIndex } from "./gitIndex";
import { GitTracking, gitFolders } from "./gitTracking";

const run = promisify(execFile);

async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(path.join(os.tmpdir(), "nix-deploy-git-")));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"];

async function git(at: string, ...args: string[]): Promise<void> {
  await run("git", [...IDENTITY, ...args], {
    cwd: at,
    env: { PATH: process.env.PATH, HOME: at, GIT_CONFIG_NOSYSTEM: "1" },
  });
}

async function write(at: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(at, name)), { recursive: true });
    await writeFile(path.join(at, name), "{ }");
  }
}

/** A repository with these files, added and committed. */
async function repository(...names: string[]): Promise<string> {
  const at = await folder();
  await git(at, "init", "-q", "-b", "main");
  await write(at, ...names);
  await git(at, "add", ".");
  await git(at, "commit", "-q", "-m", "first");
  return at;
}

async function tracked(at: string, tracking = new GitTracking()): Promise<readonly string[] | undefined> {
  const tree = await tracking.load(at);
  return tree && [...tree.tracked].map(file => path.relative(tree.root, file)).sort();
}

test.each(["2", "3", "4"])("an index of version %s", async version => {
  const names = [
    "flake.nix",
    "hosts/web/default.nix",
    "hosts/web.nix",
    "größe 1.nix",
    `${"long/".repeat(60)}x.nix`,
  ];
  const at = await repository(...names);
  await write(at, "untracked.nix", "new.nix");
  // Only what is merely intended to be added makes Git write version 3.
  await git(at, "add", "-N", "new.nix");
  await git(at, "update-index", "--index-version", version);
  expect(await tracked(at)).toEqual([...names, "new.nix"].sort());
});

test("an index without a checksum", async () => {
  const at = await repository("a.nix");
  await git(at, "config", "index.skipHash", "true");
  await write(at, "b.nix");
  await git(at, "add", "b.nix");
  expect(await tracked(at)).toEqual(["a.nix", "b.nix"]);
});

test("an index of SHA-256 ids", async () => {
  const at = await folder();
  await git(at, "init", "-q", "--object-format=sha256");
  await write(at, "a.nix", "b/c.nix");
  await git(at, "add", ".");
  expect(await tracked(at)).toEqual(["a.nix", "b/c.nix"]);
});

test("what is added later is seen, and nothing is read again while the index stays", async () => {
  const at = await repository("a.nix");
  const tracking = new GitTracking();
  const first = await tracking.load(at);
  expect((await tracking.load(at))?.tracked).toBe(first?.tracked);
  await write(at, "b.nix");
  expect(await tracked(at, tracking)).toEqual(["a.nix"]);
  await git(at, "add", "-N", "b.nix");
  expect(await tracked(at, tracking)).toEqual(["a.nix", "b.nix"]);
});

test("a folder inside of a work tree is of that tree", async () => {
  const at = await repository("a.nix", "sub/flake.nix");
  const tree = await new GitTracking().load(path.join(at, "sub"));
  expect(tree?.root).toBe(at);
  expect(tree?.tracked.has(`${at}/a.nix`)).toBe(true);
});

test("a linked work tree has an index of its own", async () => {
  const at = await repository("a.nix");
  const linked = path.join(await folder(), "linked");
  await git(at, "worktree", "add", "-q", linked);
  await write(linked, "b.nix");
  await git(linked, "add", "b.nix");
  expect(await tracked(linked)).toEqual(["a.nix", "b.nix"]);
  expect(await tracked(at)).toEqual(["a.nix"]);
});

test("a submodule is a tree of its own, and one entry of the tree around it", async () => {
  const inner = await repository("flake.nix");
  const at = await repository("flake.nix");
  await git(at, "submodule", "add", "-q", inner, "vendor/inner");
  expect(await tracked(at)).toEqual([".gitmodules", "flake.nix", "vendor/inner"]);
  expect(await tracked(path.join(at, "vendor/inner"))).toEqual(["flake.nix"]);
});

test("without Git, before the first git add, and with an index in two files nothing is known", async () => {
  const at = await folder();
  await write(at, "a.nix");
  expect(await tracked(at)).toBeUndefined();
  await git(at, "init", "-q");
  expect(await tracked(at)).toBeUndefined();
  await git(at, "add", "a.nix");
  expect(await tracked(at)).toEqual(["a.nix"]);
  await git(at, "update-index", "--split-index");
  expect(await tracked(at)).toBeUndefined();
});

test("bytes that are no index are unreadable, whole or cut off", async () => {
  const unreadable = { kind: "unreadable" };
  expect(parseGitIndex(Buffer.from(""))).toEqual(unreadable);
  expect(parseGitIndex(Buffer.from("DIRC\0\0\0\x09\0\0\0\0"))).toEqual(unreadable);
  expect(
    parseGitIndex(
      Buffer.concat([Buffer.from("DIRC\0\0\0\x02\xff\xff\xff\xff", "latin1"), Buffer.alloc(200)]),
    ),
  ).toEqual(unreadable);
  const at = await repository("a.nix", "b/c.nix");
  const whole = await readFile(path.join(at, ".git/index"));
  expect(parseGitIndex(whole)).toMatchObject({ kind: "paths" });
  for (let length = 0; length < whole.length; length++)
    expect(parseGitIndex(whole.subarray(0, length))).toEqual(unreadable);
});

test("every work tree beneath a folder is asked", () => {
  expect(
    gitFolders("/w", { opaque: ["/w/.git", "/w/b/.git", "/w/result"], others: ["/w/a/.git", "/w/x"] }),
  ).toEqual(["/w", "/w/a", "/w/b"]);
});
