import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileKind, findWorkspaceFiles, isSkippedPath, loadWorkspace } from "./workspaceFiles";

async function workspace(files: Record<string, string | Buffer>): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), "nix-deploy-ws-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return root;
}

function inner(root: string, files: readonly string[]): string[] {
  return files.map(file => file.slice(root.length + 1));
}

test("finds what concerns deploying and knows that the rest exists", async () => {
  const root = await workspace({
    "flake.nix": "{ }",
    "flake.lock": "{ }",
    "hosts/a/default.nix": "{ }",
    "etc/nix.conf": "",
    "deploy.json": "{ }",
    ".github/workflows/ci.yml": "",
    "README.md": "",
    "node_modules/x/default.nix": "{ }",
    "result-1/default.nix": "{ }",
    ".git/config": "",
  });
  const found = await findWorkspaceFiles(root);
  expect(inner(root, found.files)).toEqual([
    ".github/workflows/ci.yml",
    "deploy.json",
    "etc/nix.conf",
    "flake.lock",
    "flake.nix",
    "hosts/a/default.nix",
  ]);
  expect(inner(root, found.others)).toEqual(["README.md"]);
  expect(inner(root, found.opaque)).toEqual([".git", "node_modules", "result-1"]);
  expect(found.truncated).toBe(false);
});

test("follows links but enters every real folder once, however they loop", async () => {
  const root = await workspace({ "a/x.nix": "{ }", "b/y.nix": "{ }" });
  await symlink(root, path.join(root, "a/loop"));
  await symlink("self", path.join(root, "self"));
  await symlink("/nowhere/at/all", path.join(root, "dangling.nix"));
  const found = await findWorkspaceFiles(root);
  expect(inner(root, found.files)).toEqual(["a/x.nix", "b/y.nix"]);
  expect(inner(root, found.opaque)).toEqual(["a/loop"]);
});

test("a missing folder and one without permission are opaque", async () => {
  const root = await workspace({ "locked/x.nix": "{ }", "y.nix": "{ }" });
  await chmod(path.join(root, "locked"), 0);
  onTestFinished(() => chmod(path.join(root, "locked"), 0o755));
  const found = await findWorkspaceFiles(root);
  const mayReadAll = process.getuid?.() === 0;
  expect(inner(root, found.files)).toEqual(mayReadAll ? ["locked/x.nix", "y.nix"] : ["y.nix"]);
  expect((await findWorkspaceFiles(`${root}/none`)).opaque).toEqual([`${root}/none`]);
});

test("limits cut the search and say so", async () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`d${i % 5}/f${i}.nix`, "{ }"]));
  const root = await workspace(files);
  const found = await findWorkspaceFiles(root, { maxFiles: 10 });
  expect(found.files).toHaveLength(10);
  expect(found.truncated).toBe(true);
  expect((await findWorkspaceFiles(root, { maxDepth: 0 })).truncated).toBe(true);
});

test("loading reads texts and names what cannot be read", async () => {
  const root = await workspace({ "a.nix": "{ }", "b.nix": Buffer.from([0, 1]), "c.json": "{}" });
  const loaded = await loadWorkspace(root);
  expect(loaded.loaded.map(file => [inner(root, [file.path])[0], file.text])).toEqual([
    ["a.nix", "{ }"],
    ["c.json", "{}"],
  ]);
  expect(loaded.unreadable).toMatchObject([{ path: `${root}/b.nix`, problem: { reason: "binary" } }]);
});

test("an aborted search ends with what it has", async () => {
  const root = await workspace({ "a.nix": "{ }" });
  expect((await findWorkspaceFiles(root, {}, AbortSignal.abort())).files).toEqual([]);
});

test("kinds go by path alone", () => {
  expect(fileKind("/a/b.nix")).toBe("nix");
  expect(fileKind("/etc/nix/nix.conf")).toBe("nix-conf");
  expect(fileKind("/r/Makefile")).toBe("script");
  expect(fileKind("/r/.github/workflows/ci.yaml")).toBe("script");
  expect(fileKind("/r/keys/cache.pub")).toBe("data");
  expect(fileKind("/r/README.md")).toBeUndefined();
});

test("a path is skipped by any folder on its way", () => {
  expect(isSkippedPath("/r", "/r/node_modules/a/b.nix")).toBe(true);
  expect(isSkippedPath("/r", "/r/result")).toBe(true);
  expect(isSkippedPath("/r", "/r/hosts/b.nix")).toBe(false);
  expect(isSkippedPath("/home/me/dist/r", "/home/me/dist/r/b.nix")).toBe(false);
});
