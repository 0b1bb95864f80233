// The sidebar: hosts, caches and keys of the example, an empty history that says why, a workspace without any fleet.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";

describe("the example fleet", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await openEditor({ file: "hosts/web.nix" });
    await editor.showSidebar();
  });
  afterAll(() => editor?.close());

  test("every host is in the sidebar, with its address", async () => {
    for (const host of ["production", "stage", "web"]) {
      const row = editor.treeRow("Hosts", new RegExp(`^host ${host}\\b`));
      await row.waitFor();
      expect(await row.getAttribute("aria-label")).toContain(`${host}.example.org`);
    }
  });

  test("mistakes and hosts are side by side", async () => {
    await editor.squiggles("web.nix", "error").first().waitFor();
    await editor.screenshot("overview");
  });

  test("a click on a host goes to where it is defined", async () => {
    await editor.treeRow("Hosts", /^host stage\b/).click();
    await editor.textEditor("flake.nix").waitFor();
    expect(await editor.visibleText("flake.nix")).toContain('hostname = "stage.example.org"');
  });

  test("caches and keys are listed with who uses them", async () => {
    await editor.expandView("Caches");
    await editor.foldView("Hosts");
    await editor
      .treeRow("Caches", /ssh:\/\/nix-ssh@stage\.example\.org/)
      .first()
      .waitFor();
    await editor
      .treeRow("Caches", /stage\.example\.org-1/)
      .first()
      .waitFor();
    await editor.expandView("Hosts");
  });

  test("a filter leaves the hosts it names", async () => {
    await editor.runCommand("Nix Deploy: Filter Hosts");
    await editor.answerInput("Filter Hosts", "prod");
    await editor.treeRow("Hosts", /^host stage\b/).waitFor({ state: "detached" });
    expect(await editor.treeRow("Hosts", /^host production\b/).count()).toBe(1);
    await editor.runCommand("Nix Deploy: Filter Hosts");
    await editor.answerInput("Filter Hosts", "");
    await editor.treeRow("Hosts", /^host stage\b/).waitFor();
  });

  test("nothing of ours is on the console, and no notification is shown", async () => {
    expect(editor.errors()).toEqual([]);
    expect(await editor.page.locator(".notification-toast").count()).toBe(0);
  });
});

test("a flake without hosts: the view says what was read and why nothing is shown", async () => {
  const workspace = mkdtempSync(path.join(tmpdir(), "nd-empty-"));
  writeFileSync(path.join(workspace, "flake.nix"), "{ outputs = { self }: { }; }\n");
  const editor = await openEditor({ workspace });
  try {
    await editor.showSidebar();
    await editor.treeRow("Hosts", /flake\.nix, no hosts/).waitFor();
  } finally {
    await editor.close();
    rmSync(workspace, { recursive: true });
  }
});
