// The tour of README.md by keyboard alone: somebody who can't use a mouse gets everywhere, and every row says what it is.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";

let editor: Editor;
let clicks: () => Promise<number>;

const press = async (...keys: string[]) => {
  for (const key of keys) await editor.page.keyboard.press(key);
};

beforeAll(async () => {
  editor = await openEditor();
  clicks = await editor.countClicks();
});
afterAll(() => editor?.close());

test("F8 goes to a mistake and says it, Ctrl+. repairs it", async () => {
  await editor.typeFile("hosts/web.nix");
  await editor.squiggles("web.nix", "error").first().waitFor();
  await press("F8");
  await expect.poll(() => editor.shownProblem.textContent()).toContain("ssh");
  const fixes = await editor.quickFixes();
  expect(await fixes.first().textContent()).toContain(
    "Replace by ssh://nix-ssh@stage.example.org?priority=50",
  );
  await press("Enter");
  await editor.save();
  const file = path.join(editor.workspace, "hosts/web.nix");
  await expect
    .poll(() => readFileSync(file, "utf8"))
    .toContain('"ssh://nix-ssh@stage.example.org?priority=50"');
});

test("the hosts are walked with the arrow keys, and each row says what it is", async () => {
  await editor.typeCommand("Nix Deploy: Focus on Hosts View");
  const row = editor.focusedRow("Hosts");
  const label = () => row.getAttribute("aria-label");
  await editor.treeRow("Hosts", /^host web\b/).waitFor();
  await press("Home");
  for (const host of ["production", "stage", "web"]) {
    await expect.poll(label).toMatch(new RegExp(`^host ${host}, .*@${host}\\.example\\.org`));
    if (host !== "web") await press("ArrowDown");
  }
  await press("ArrowRight");
  await expect.poll(() => row.getAttribute("aria-expanded")).toBe("true");
  const rows = editor.tree("Hosts").getByRole("treeitem");
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
  const last = await rows.count();
  for (let index = 3; index < last; index++) {
    const before = await label();
    await press("ArrowDown");
    await expect.poll(label).not.toBe(before);
    expect((await label())?.trim()).toBeTruthy();
  }
});

test("Doctor reports", async () => {
  await editor.typeCommand("Nix Deploy: Doctor");
  await expect.poll(() => editor.visibleText("doctor.md")).toContain("Hosts: 3");
});

test("a key is generated up to the question for its folder", async () => {
  await editor.typeCommand("Nix Deploy: Generate a Binary Cache Key");
  await editor.typePick("This machine");
  await editor.answerInput("Generate a Binary Cache Key", "cache.example.org-1");
  await editor.folderQuestion.waitFor();
  await press("Escape");
  await editor.folderQuestion.waitFor({ state: "hidden" });
});

test("no mouse button was pressed, and nothing of ours is on the console", async () => {
  expect(await clicks()).toBe(0);
  expect(editor.errors()).toEqual([]);
});
