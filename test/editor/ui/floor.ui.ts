// The oldest editor that package.json allows: the packaged extension starts in it and does one thing of each kind. The typings
// of that version say what may be called; only the editor itself can say that it works.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";
import { seeMistakes } from "./webMistakes";

const root = path.resolve(import.meta.dirname, "../../..");
let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({ edition: "floor", file: "hosts/web.nix" });
});
afterAll(() => editor?.close());

test("the extension starts: mistakes are underlined, and the hover says why", async () => {
  await seeMistakes(editor);
  await editor.page.keyboard.press("Escape");
});

test("a quick fix repairs one", async () => {
  await editor.caretOn("web.nix", "htps");
  const fixes = await editor.quickFixes();
  expect(await fixes.first().textContent()).toContain("Replace by https://nix-community.cachix.org");
  await editor.page.keyboard.press("Enter");
  await expect.poll(() => editor.visibleText("web.nix")).toContain('"https://nix-community.cachix.org"');
});

test("every host is in the sidebar", async () => {
  await editor.showSidebar();
  for (const host of ["production", "stage", "web"])
    await editor.treeRow("Hosts", new RegExp(`^host ${host}\\b`)).waitFor();
});

test("a command answers: the doctor says that this is the version which package.json asks for", async () => {
  const { engines } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  await editor.runCommand("Nix Deploy: Doctor");
  await expect.poll(() => editor.visibleText("doctor.md")).toContain("Hosts: 3");
  const version = / (\d+\.\d+)\.\d+/.exec(
    (await editor.visibleText("doctor.md")).match(/^.*Editor.*$/m)?.[0] ?? "",
  );
  expect(engines.vscode).toBe(`^${version?.[1]}.0`);
});

test("nothing of ours is on the console", () => {
  expect(editor.errors()).toEqual([]);
});
