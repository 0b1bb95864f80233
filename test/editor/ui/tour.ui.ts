// The tour of README.md by keyboard alone: somebody who can't use a mouse gets everywhere, and every row says what it is.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
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
  // a row that is renewed at this moment, as its host was asked, stays folded
  await expect
    .poll(async () => {
      await press("ArrowRight");
      return row.getAttribute("aria-expanded");
    })
    .toBe("true");
  await press("Home", "ArrowDown", "ArrowDown");
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

test("Enter on a host goes to where it is defined", async () => {
  await editor.typeCommand("Nix Deploy: Focus on Hosts View");
  await press("Home");
  await expect.poll(() => editor.focusedRow("Hosts").getAttribute("aria-label")).toContain("host production");
  await press("Enter");
  await editor.textEditor("flake.nix").waitFor();
  expect(await editor.visibleText("flake.nix")).toContain('hostname = "production.example.org"');
});

test("caches and keys are walked with the arrow keys", async () => {
  await editor.typeCommand("Nix Deploy: Focus on Caches View");
  await editor
    .treeRow("Caches", /cache\.nixos\.org/)
    .first()
    .waitFor();
  const label = () => editor.focusedRow("Caches").getAttribute("aria-label");
  await press("Home");
  await expect.poll(label).toBe("Caches 4");
  await press("ArrowDown");
  await expect.poll(label).toContain("https://cache.nixos.org/");
});

test("Doctor reports", async () => {
  await editor.typeCommand("Nix Deploy: Doctor");
  await expect.poll(() => editor.visibleText("doctor.md")).toContain("Hosts: 3");
});

test("a key is generated in a folder outside of any repository", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "nd-tour-"));
  try {
    await editor.typeCommand("Nix Deploy: Generate a Binary Cache Key");
    await editor.typePick("This machine");
    await editor.answerInput("Generate a Binary Cache Key", "cache.example.org-1");
    await editor.typeFolder(folder);
    const secret = path.join(folder, "cache.example.org-1.secret");
    // both halves are written when it is said, and the folder may go only then
    await editor.notification("Public key: cache.example.org-1:").waitFor();
    expect(statSync(secret).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("Preflight says what keeps a host from being deployed to", async () => {
  await editor.typeCommand("Nix Deploy: Preflight");
  await editor.typePickTicked("stage.example.org");
  await expect
    .poll(() => editor.visibleText("preflight.md"), { timeout: 40_000 })
    .toContain("0 of 1 hosts can be deployed to");
});

test("the walkthrough is opened", async () => {
  await editor.typeCommand("Welcome: Open Walkthrough...");
  await editor.typePick("Nix Deploy: From Repository to Hosts");
  await editor.page
    .getByRole("button", { name: /See your hosts/ })
    .first()
    .waitFor();
});

test("no mouse button was pressed, and nothing of ours is on the console", async () => {
  expect(await clicks()).toBe(0);
  // VS Code writes notifications to the console, too: Preflight says why the host can't be reached
  const own = editor.errors().filter(text => !text.includes("stage.example.org"));
  expect(own).toEqual([]);
});
