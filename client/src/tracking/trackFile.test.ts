// What `trackFile` does to a real repository, and what it refuses.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../ports/clock";
import { SILENT_LOG } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { scriptedUi } from "../ports/scriptedUi";
import { type TrackingApp, trackFile } from "./trackFile";

function repository(): { readonly root: string; readonly git: (...args: string[]) => string } {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "track-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const git = (...args: string[]) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  git("init", "-q");
  mkdirSync(path.join(root, "hosts/[db]"), { recursive: true });
  writeFileSync(path.join(root, "hosts/web.nix"), "{ }\n");
  writeFileSync(path.join(root, "hosts/[db]/default.nix"), "{ }\n");
  writeFileSync(path.join(root, "hosts/d"), "");
  writeFileSync(path.join(root, ".gitignore"), "secret.nix\n");
  writeFileSync(path.join(root, "secret.nix"), "{ }\n");
  return { root, git };
}

function appFor(...folders: string[]): { readonly app: TrackingApp; readonly said: readonly string[] } {
  const { ui, said } = scriptedUi();
  const nothing = () => undefined;
  const processes = new NodeProcesses(systemClock);
  onTestFinished(() => processes.dispose());
  const workspace: TrackingApp["workspace"] = {
    folders: folders.map(folder => ({ name: path.basename(folder), path: folder })),
    trusted: true,
    onDidChange: () => ({ dispose: nothing }),
    setContext: nothing,
  };
  return { app: { ui, log: SILENT_LOG, workspace, ports: { processes } }, said };
}

test("the name of a file goes into the index, its content does not", async () => {
  const { root, git } = repository();
  const { app, said } = appFor(root);
  await trackFile(app, path.join(root, "hosts/web.nix"));
  expect(git("ls-files")).toBe("hosts/web.nix\n");
  expect(git("diff", "--cached", "--name-only")).toBe("");
  expect(said).toEqual(["info: Git knows web.nix now, so the flake sees it. Its content is not staged."]);
});

test("a folder stands for its files, and no name is a pattern", async () => {
  const { root, git } = repository();
  const { app } = appFor(root);
  await trackFile(app, path.join(root, "hosts/[db]"));
  expect(git("ls-files")).toBe("hosts/[db]/default.nix\n");
});

test("what Git refuses is said in Git's words", async () => {
  const { root, git } = repository();
  const { app } = appFor(root);
  await expect(trackFile(app, path.join(root, "secret.nix"))).rejects.toThrow(
    /^Git does not take secret\.nix: .*ignored/s,
  );
  await expect(trackFile(app, path.join(root, "nowhere.nix"))).rejects.toThrow(
    /nowhere\.nix.*did not match/s,
  );
  expect(git("ls-files")).toBe("");
});

test("only files of the workspace", async () => {
  const { root } = repository();
  const { app } = appFor(path.join(root, "hosts"));
  await expect(trackFile(app, path.join(root, "secret.nix"))).rejects.toThrow("outside of this workspace");
  await expect(trackFile(app, undefined)).rejects.toThrow("Open the file");
});
