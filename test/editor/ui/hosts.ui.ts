// The view Hosts over real hosts: it asks them when it is shown, tells when one goes down, compares generations and reverts.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireCommand } from "../../fleet/command";
import { forgetHostKey, trustHostKey } from "../../fleet/faults";
import { type Fleet, type Host, startFleet } from "../../fleet/fleet";
import { activate, copyToy, sendSystem, type ToyFlake } from "../../fleet/toyFlake";
import { type Editor, openEditor } from "./editor";

let fleet: Fleet;
let toy: ToyFlake;
let editor: Editor;
let prod: Host;
let stage: Host;
const systems: string[] = [];

const row = (name: string | RegExp) => editor.treeRow("Hosts", name).first();

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  [stage, prod] = [fleet.host("stage"), fleet.host("prod")];
  toy = await copyToy();
  for (const serial of [1, 2]) {
    toy.setHosts({ stage: { serial: 1 }, prod: { serial, payloadMb: serial }, web: { serial: 1 } });
    const system = await toy.build("prod");
    systems.push(system);
    await sendSystem("prod", system);
    await activate("prod", system);
  }
  forgetHostKey(fleet.host("web"));
  editor = await openEditor({ workspace: toy.folder, file: "flake.nix" });
  await editor.showSidebar();
});

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
});

test("hosts are asked when the view is shown, and say what they run", async () => {
  await row(/^host prod, deploy-rs.*, up · gen 2.* · 24\.11\.20241121\.2/).waitFor();
  await row(/^host stage, deploy-rs.*, up/).waitFor();
  await row(/^host web, .*host key not known/).waitFor();
  const bar = editor.page.locator('.statusbar-item[id*="nixDeploy.hosts"]');
  await expect.poll(() => bar.textContent()).toMatch(/2\/3 up · 1 not reached/);
});

test("under a host stands what it runs and what it could go back to", async () => {
  await editor.expandRow(row(/^host prod\b/));
  await row(/^Runs, generation 2 · 24\.11\.20241121\.2/).waitFor();
  await editor.expandRow(row(/^Generations, 2$/));
  await row(/^Generation 2 of prod, running/).waitFor();
  await row(/^Generation 1 of prod/).waitFor();
  await row(/^\/nix\/store, .* free of /).waitFor();
  await row(/^Configuration, read/).waitFor();
  await editor.screenshot("hosts-expanded");
});

test("an unknown host key is shown with its fingerprint, and accepted only on request", async () => {
  await editor.expandRow(row(/^host web\b/));
  await row(/^Look at its host key/).click();
  const print = (await fleet.host("web").sh("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(
    " ",
  )[1];
  expect(await editor.modalText()).toContain(print);
  await editor.screenshot("host-key");
  await editor.answerModal("Accept Key");
  await row(/^host web, deploy-rs.*, up/).waitFor();
  await trustHostKey(fleet.host("web"));
});

test("two generations are compared in a document", async () => {
  await editor.rowAction(row(/^Generation 1 of prod/), "Compare Generations");
  const name = "prod-1-2.md";
  await editor.textEditor(name).waitFor();
  await expect.poll(() => editor.visibleText(name)).toContain("generation 1 → 2");
  expect(await editor.visibleText(name)).toContain("+1.0 MB");
  await editor.screenshot("generations-compared");
});

test("a revert names host and generation, changes the host, and the view shows it", async () => {
  await editor.rowAction(row(/^Generation 1 of prod/), "Revert to Generation");
  expect(await editor.modalText()).toContain("Revert prod to generation 1?");
  await editor.answerModal("Cancel");
  expect(await prod.currentSystem()).toBe(systems[1]);
  await editor.rowAction(row(/^Generation 1 of prod/), "Revert to Generation");
  await editor.screenshot("revert-question");
  await editor.answerModal("Revert");
  await row(/^Generation 1 of prod, running/).waitFor();
  await row(/^host prod, .*up · gen 1/).waitFor();
  expect(await prod.currentSystem()).toBe(systems[0]);
  await editor.notification(/prod: the host runs generation 1/).waitFor();
});

test("a host that goes down looks down, and up when it is back", async () => {
  await stage.off();
  await editor.runCommand("Nix Deploy: Refresh Hosts");
  await row(/^host stage, .*no answer/).waitFor({ timeout: 30_000 });
  await editor.screenshot("host-down");
  await stage.boot();
  await editor.runCommand("Nix Deploy: Refresh Hosts");
  await row(/^host stage, deploy-rs.*, up/).waitFor({ timeout: 30_000 });
});

test("commits tell whether a host runs what the repository says", async () => {
  const commit = async (title: string) => {
    const git = ["git", "-C", editor.workspace, "-c", "user.name=t", "-c", "user.email=t@example.org"];
    await requireCommand([...git, "add", "--all"]);
    await requireCommand([...git, "commit", "--quiet", "--message", title]);
  };
  await commit("first");
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("stage");
  await editor.answerModal("Deploy");
  await row(/^host stage, .*up · .*up to date/).waitFor({ timeout: 40_000 });
  writeFileSync(path.join(editor.workspace, "notes.txt"), "second\n");
  await commit("second");
  await editor.runCommand("Nix Deploy: Refresh Hosts");
  await row(/^host stage, .*1 behind/).waitFor();
  // the mark at the end of the row is made by a style sheet
  const mark = () =>
    row(/^host stage\b/).evaluate(element =>
      [...element.querySelectorAll("*")].map(part => getComputedStyle(part, "::after").content).join(" "),
    );
  await expect.poll(mark).toContain("↓1");
  await editor.closePanel();
  await editor.screenshot("drifted");
});

test("hosts are grouped by state on request", async () => {
  await editor.runCommand("Nix Deploy: Group and Sort Hosts");
  await editor.pickRows("Group by state").first().click();
  await row(/^(up|drifted), [12] hosts/).waitFor();
  await editor.runCommand("Nix Deploy: Group and Sort Hosts");
  await editor.pickRows("Group by tool").first().click();
  await row(/^(up|drifted), [12] hosts/).waitFor({ state: "detached" });
});

test("nothing of ours is on the console", () => {
  expect(editor.errors()).toEqual([]);
});

test("an untrusted workspace: hosts are read, and none is asked", async () => {
  const settings = { "security.workspace.trust.startupPrompt": "never" };
  const untrusted = await openEditor({ workspace: toy.folder, askForTrust: true, settings });
  try {
    await untrusted.showSidebar();
    await untrusted.treeRow("Hosts", /^host prod, .*not asked yet/).waitFor();
    await untrusted.page.getByText("This workspace is not trusted: hosts are read").waitFor();
    expect(await untrusted.hasCommand("Nix Deploy: Refresh Host")).toBe(false);
  } finally {
    await untrusted.close();
  }
});

test("without Nix the view says that hosts can be asked but nothing built", async () => {
  const bare = await openEditor({
    workspace: toy.folder,
    settings: { "nixDeploy.tools.nix": "/nowhere/nix" },
  });
  try {
    await bare.showSidebar();
    await bare.treeRow("Hosts", /^host prod, .*up/).waitFor();
    await bare.page.getByText("Nix was not found on this machine").waitFor();
  } finally {
    await bare.close();
  }
});
