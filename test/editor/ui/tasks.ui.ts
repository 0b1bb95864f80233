// Tasks of type nix-deploy, as people write them in tasks.json: they build, ask before they deploy, and put Nix's errors
// where a click leads to them.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fleet, startFleet } from "../../fleet/fleet";
import { copyToy, type ToyFlake } from "../../fleet/toyFlake";
import { type Editor, openEditor } from "./editor";

let fleet: Fleet;
let toy: ToyFlake;
let editor: Editor;

beforeAll(async () => {
  fleet = await startFleet("web");
  toy = await copyToy();
  mkdirSync(path.join(toy.folder, ".vscode"));
  const task = (action: string) => ({
    type: "nix-deploy",
    label: `my ${action}`,
    action,
    hosts: ["web"],
    tool: "direct",
    problemMatcher: "$nix",
  });
  const tasks = { version: "2.0.0", tasks: [task("build"), task("deploy")] };
  writeFileSync(path.join(toy.folder, ".vscode/tasks.json"), JSON.stringify(tasks));
  editor = await openEditor({ workspace: toy.folder, file: "flake.nix" });
  await editor.textEditor("flake.nix").waitFor();
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host web\b/).waitFor();
});

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
});

/** Runs a task of tasks.json by its label. */
async function runTask(label: string): Promise<void> {
  const row = editor.pickRows(label).first();
  // while VS Code still asks extensions for their tasks, the picker may close by itself, or stay without rows
  for (let attempt = 1; ; attempt++) {
    await editor.runCommand("Tasks: Run Task");
    try {
      await editor.page
        .locator('.quick-input-widget input[placeholder*="task to run"]')
        .fill(label, { timeout: 6000 });
      await row.click({ timeout: 6000 });
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await editor.page.keyboard.press("Escape");
    }
  }
}

test("a build task builds", async () => {
  await runTask("my build");
  await expect.poll(() => editor.terminalText(), { timeout: 30_000 }).toMatch(/web: done/);
});

test("a deploy task asks first, and does nothing without a yes", async () => {
  await runTask("my deploy");
  await editor.answerModal("Cancel");
  await expect.poll(() => editor.terminalText()).toContain("Not run: it was not confirmed.");
  expect(await fleet.host("web").generations()).toEqual([]);
});

test("an error of Nix is in the Problems view, at its place in the project", async () => {
  writeFileSync(path.join(editor.workspace, "hosts.nix"), "{\n  web = { serial = missing; };\n}\n");
  await runTask("my build");
  await expect.poll(() => editor.terminalText(), { timeout: 30_000 }).toMatch(/web: failed/);
  await editor.runCommand("Problems: Focus on Problems View");
  const problem = editor.page
    .locator(".markers-panel-container")
    .getByRole("treeitem", { name: /undefined variable 'missing' at line 2 and character 20/ });
  await problem.first().waitFor();
});
