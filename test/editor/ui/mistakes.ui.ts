// A user opens a configuration with mistakes: they are underlined, explained and repaired from the editor.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";
import { seeMistakes } from "./webMistakes";

const root = path.resolve(import.meta.dirname, "../../..");

describe("the configuration of the staging-cache tutorial with three slips", () => {
  let editor: Editor;

  beforeAll(async () => {
    const workspace = path.join(root, "test/fixtures/workspaces/sample");
    editor = await openEditor({ workspace, file: "configuration.nix" });
  });
  afterAll(() => editor?.close());

  test("every mistake is underlined and listed", async () => {
    await expect.poll(() => editor.squiggles("configuration.nix", "error").count()).toBe(3);
    const problems = await editor.problems();
    await problems.nth(3).waitFor();
    const listed = (await problems.allTextContents()).join("\n");
    for (const code of ["sshserve-key-malformed", "substituter-unknown-scheme", "key-malformed"])
      expect(listed).toContain(code);
    await editor.screenshot("sample");
    await editor.closePanel();
  });

  test("the quick fix repairs the scheme in the file", async () => {
    await editor.caretOn("configuration.nix", "htps");
    const fixes = await editor.quickFixes();
    await fixes.filter({ hasText: "Replace by https://cache.example.org" }).click();
    await expect.poll(() => editor.visibleText("configuration.nix")).toContain('"https://cache.example.org"');
    await editor.save();
    const file = path.join(editor.workspace, "configuration.nix");
    await expect.poll(() => readFileSync(file, "utf8")).toContain('"https://cache.example.org"');
    await expect.poll(() => editor.squiggles("configuration.nix", "error").count()).toBe(2);
  });

  test("nothing of ours is on the console", () => {
    expect(editor.errors()).toEqual([]);
  });
});

describe("the example fleet", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await openEditor({ file: "hosts/web.nix" });
  });
  afterAll(() => editor?.close());

  test("the mistakes of web.nix are underlined and the hover says why", async () => {
    await seeMistakes(editor);
    await editor.screenshot("mistakes");
  });

  test("a mistake typed in a clean file is underlined while typing, and gone when undone", async () => {
    await editor.openFile("modules/stage-cache.nix");
    expect(await editor.squiggles("stage-cache.nix", "error").count()).toBe(0);
    await editor.caretOn("stage-cache.nix", "MRUlNatQomnA=");
    await editor.page.keyboard.press("Delete");
    await editor.squiggles("stage-cache.nix", "error").first().waitFor();
    await editor.page.keyboard.press("Control+Z");
    await editor.squiggles("stage-cache.nix", "error").first().waitFor({ state: "detached" });
  });

  test("nothing of ours is on the console", () => {
    expect(editor.errors()).toEqual([]);
  });
});
