// When something is wrong: the doctor's report, a restart of the server, the log; and a workspace that is not trusted.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";

describe("support commands", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await openEditor({ file: "hosts/web.nix" });
    await editor.squiggles("web.nix", "error").first().waitFor();
  });
  afterAll(() => editor?.close());

  test("Doctor reports what this machine has", async () => {
    await editor.runCommand("Nix Deploy: Doctor");
    await expect.poll(() => editor.visibleText("doctor.md")).toMatch(/\| nix +\| nix \(Nix\) 2\./);
    const report = await editor.visibleText("doctor.md");
    expect(report).toContain("Workspace trusted: yes");
    expect(report).toContain("Hosts: 3");
    await editor.screenshot("doctor");
  });

  test("Restart Language Server brings the findings back", async () => {
    await editor.runCommand("Nix Deploy: Restart Language Server");
    await editor.openFile("web.nix");
    await expect.poll(() => editor.squiggles("web.nix", "error").count()).toBeGreaterThanOrEqual(5);
  });

  test("Show Log shows the log", async () => {
    await editor.runCommand("Nix Deploy: Show Log");
    await expect.poll(() => editor.outputText()).toContain("nixDeploy.restartServer");
  });

  test("nothing of ours is on the console", () => {
    expect(editor.errors()).toEqual([]);
  });
});

describe("a workspace that is not trusted", () => {
  let editor: Editor;

  beforeAll(async () => {
    const settings = { "security.workspace.trust.startupPrompt": "never" };
    editor = await openEditor({ file: "hosts/web.nix", askForTrust: true, settings });
  });
  afterAll(() => editor?.close());

  test("is read: mistakes are underlined and hosts listed", async () => {
    await editor.squiggles("web.nix", "error").first().waitFor();
    await editor.showSidebar();
    await editor.treeRow("Hosts", /^host stage\b/).waitFor();
    await editor.screenshot("untrusted");
  });

  test("runs nothing: the palette has no Deploy, and the doctor asks no program", async () => {
    expect(await editor.hasCommand("Nix Deploy: Doctor")).toBe(true);
    await editor.runCommand("Nix Deploy: Doctor");
    await expect.poll(() => editor.visibleText("doctor.md")).toContain("the workspace is not trusted");
  });
});
