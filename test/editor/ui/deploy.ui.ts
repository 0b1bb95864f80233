// A user deploys the toy system from the palette to real hosts. What happened is asked of the host, not of the editor.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../fleet/command";
import { setActivationExit } from "../../fleet/faults";
import { type Fleet, type Host, startFleet } from "../../fleet/fleet";
import { copyToy, type ToyFlake } from "../../fleet/toyFlake";
import { type Editor, openEditor } from "./editor";

let fleet: Fleet;
let toy: ToyFlake;
let editor: Editor;
let prod: Host;
let stage: Host;

/** Waits until the history has so many entries of a host and an outcome: "prod, deploy landed · …". */
async function historyEntries(host: string, what: string, count: number): Promise<void> {
  const rows = editor.treeRow("History", new RegExp(`^${host}, ${what}`));
  await expect.poll(() => rows.count(), { timeout: 40_000 }).toBe(count);
}

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  [stage, prod] = [fleet.host("stage"), fleet.host("prod")];
  toy = await copyToy();
  editor = await openEditor({ workspace: toy.folder, file: "flake.nix" });
  await editor.showSidebar();
  await editor.expandView("History");
});

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
});

test("the hosts of the toy fleet are in the sidebar", async () => {
  for (const host of ["prod", "stage", "web"])
    await editor.treeRow("Hosts", new RegExp(`^host ${host}\\b`)).waitFor();
});

test("a deployment is shown before it runs, and nothing happens when it is cancelled", async () => {
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("prod");
  const question = await editor.modalText();
  expect(question).toContain("Deploy to prod?");
  expect(question).toContain("prod: no known system → 24.11.20241121.1");
  expect(question).toMatch(/packages change .*, copies \d+ paths/);
  expect(question).toContain("3 steps with Nix and SSH: build, copy, activate");
  expect(question).not.toContain("ServerAlive");
  await editor.screenshot("deploy-question");
  await editor.answerModal("Cancel");
  await expect.poll(() => editor.terminalText()).toContain("Not run: it was not confirmed.");
  expect(await prod.generations()).toEqual([]);
});

test("Show Commands leads to the review with every command, and the question waits beside it", async () => {
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("prod");
  await editor.answerModal("Show Commands");
  const review = editor.textEditor("Review%20prod.md");
  await review.waitFor();
  await expect
    .poll(async () => (await review.textContent())?.replaceAll("\u00a0", " "))
    .toContain("nix copy --to ssh://root@prod.test");
  await editor.screenshot("deploy-review");
  await editor.pickRows("Cancel").first().click();
  await expect.poll(() => editor.terminalText()).toContain("Not run: it was not confirmed.");
  expect(await prod.generations()).toEqual([]);
});

test("Deploy builds, copies and activates: the host runs the new system", async () => {
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("prod");
  await editor.answerModal("Deploy");
  await historyEntries("prod", "deploy landed", 1);
  const expected = await toy.build("prod");
  expect(await prod.currentSystem()).toBe(expected);
  expect(await prod.generations()).toEqual([{ number: 1, current: true }]);
  await expect.poll(() => editor.terminalText()).toMatch(/prod: landed/);
  await editor.screenshot("deployed");
});

test("several hosts at once, one of which fails: each ends with what it really runs", async () => {
  await setActivationExit(stage, 4);
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("stage", "web");
  await editor.answerModal("Deploy");
  await historyEntries("web", "deploy landed · ", 1);
  await historyEntries("stage", "deploy landed with problems", 1);
  await expect.poll(() => editor.terminalText()).toMatch(/stage: landed with problems/);
  await setActivationExit(stage, 0);
  expect(await fleet.host("web").currentSystem()).toBe(await toy.build("web"));
  await editor.notification(/1 of 2 hosts are well\. stage:/).waitFor();
  await editor.screenshot("deploy-one-failed");
});

test("Roll Back returns to the generation before", async () => {
  const before = await prod.currentSystem();
  writeFileSync(
    path.join(editor.workspace, "hosts.nix"),
    "{ stage = { serial = 1; }; prod = { serial = 2; }; web = { serial = 1; }; }\n",
  );
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("prod");
  await editor.answerModal("Deploy");
  await historyEntries("prod", "deploy landed", 2);
  expect(await prod.currentSystem()).not.toBe(before);
  await editor.runCommand("Nix Deploy: Roll Back");
  await editor.pickMany("prod");
  await editor.answerModal("Roll Back");
  await historyEntries("prod", "rollback landed", 1);
  expect(await prod.currentSystem()).toBe(before);
});

test("an unplugged host is left out before anything is asked, which says why; the host is untouched", async () => {
  const before = await prod.generations();
  // the roll-back gives its lock on the host back after it is in the history
  await expect.poll(() => editor.terminalText()).toContain("Terminal will be reused");
  await prod.link("down");
  try {
    await editor.runCommand("Nix Deploy: Deploy");
    await editor.pickMany("prod");
    await editor
      .notification(/prod: skipped, it can't be reached/)
      .first()
      .waitFor({ timeout: 50_000 });
  } finally {
    await prod.link("up");
  }
  expect(await prod.generations()).toEqual(before);
});

test("Build needs no question and changes no host", async () => {
  const before = await fleet.host("web").generations();
  await editor.runCommand("Nix Deploy: Build");
  await editor.pickMany("web");
  await expect.poll(() => editor.terminalText(), { timeout: 30_000 }).toMatch(/web: done/);
  expect(await fleet.host("web").generations()).toEqual(before);
  expect((await runCommand(["nix", "path-info", await toy.build("web")])).code).toBe(0);
});

test("Review shows and changes nothing; its Deploy button needs no second question, and the history leads to the log", async () => {
  writeFileSync(
    path.join(editor.workspace, "hosts.nix"),
    "{ stage = { serial = 1; }; prod = { serial = 3; }; web = { serial = 1; }; }\n",
  );
  const before = await prod.currentSystem();
  await editor.runCommand("Nix Deploy: Review Deployment");
  await editor.pickMany("prod");
  const reviewed = editor.notification("Reviewed: prod. No host was changed.");
  await reviewed.waitFor({ timeout: 40_000 });
  await editor.screenshot("reviewed");
  expect(await prod.currentSystem()).toBe(before);
  await reviewed.getByRole("button", { name: "Deploy" }).click();
  await historyEntries("prod", "deploy landed", 3);
  expect(await prod.currentSystem()).not.toBe(before);
  await editor
    .treeRow("History", /^prod, deploy landed/)
    .first()
    .click();
  await editor.pickRows("Open Log").first().waitFor();
  await editor.screenshot("show-deployment");
  await editor.pickRows("Open Log").first().click();
  const log = editor.textEditor("prod.log");
  await log.waitFor();
  await expect.poll(() => log.textContent()).toContain("landed");
});

test("while it runs, the history counts its seconds", async () => {
  writeFileSync(
    path.join(editor.workspace, "hosts.nix"),
    "{ stage = { serial = 1; }; prod = { serial = 3; }; web = { serial = 2; activationSeconds = 8; }; }\n",
  );
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("web");
  await editor.answerModal("Deploy");
  const running = editor.treeRow("History", /^running on web, deploy: activate/);
  await running.waitFor({ timeout: 30_000 });
  const seen = new Set<string>();
  await expect
    .poll(async () => seen.add(/activate… \d+ s/.exec(await running.innerText())?.[0] ?? "").size)
    .toBeGreaterThan(3);
  expect([...seen].every(text => text.startsWith("activate…"))).toBe(true);
  await historyEntries("web", "deploy landed · ", 2);
});

test("Preflight shows what each host says", async () => {
  await editor.runCommand("Nix Deploy: Preflight");
  await editor.pickMany("prod", "web");
  const page = editor.textEditor("preflight.md");
  await page.waitFor({ timeout: 40_000 });
  await expect
    .poll(async () => (await page.textContent())?.replaceAll("\u00a0", " "))
    .toContain("2 of 2 hosts can be deployed to.");
  await editor.screenshot("preflight");
});
