// A tool that asks for the password of sudo: it gets a real terminal that has the focus, the user types there, and the deployment goes
// on. Nothing of what is typed comes anywhere else.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fleet, type Host, startFleet } from "../../fleet/fleet";
import { copyToy, type ToyFlake } from "../../fleet/toyFlake";
import { type Editor, openEditor } from "./editor";

const SECRET = "typed-by-nobody-else";
let fleet: Fleet;
let toy: ToyFlake;
let editor: Editor;
let prod: Host;
let folder: string;

/** Stands for deploy-rs: it asks as that does, on the terminal and without an echo, and then deploys with plain commands. */
const PROGRAM = `#!/bin/sh
if [ "$1" = --help ]; then echo "--dry-activate --boot --rollback-succeeded --skip-checks"; exit; fi
set -eu
test -t 0 && test -t 1
printf '(sudo for prod.test) Password: ' >/dev/tty
stty -echo; read -r password </dev/tty; stty echo; echo
test "$password" = ${SECRET}
system=$(nix build --no-link --json .#nixosConfigurations.prod.config.system.build.toplevel | sed 's/.*"out":"\\([^"]*\\)".*/\\1/')
nix copy --to ssh://root@prod "$system"
ssh prod nix-env -p /nix/var/nix/profiles/system --set "$system"
ssh prod "$system/bin/switch-to-configuration" switch
echo "Deployment confirmed."
`;

beforeAll(async () => {
  fleet = await startFleet("prod");
  prod = fleet.host("prod");
  toy = await copyToy();
  const flake = path.join(toy.folder, "flake.nix");
  writeFileSync(
    flake,
    readFileSync(flake, "utf8").replace('hostname = "prod.test";', "$& interactiveSudo = true;"),
  );
  folder = mkdtempSync(path.join(tmpdir(), "password-"));
  const program = path.join(folder, "deploy");
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  const settings = { "nixDeploy.tools.deploy": program, "nixDeploy.deploy.tool": "deploy-rs" };
  editor = await openEditor({ workspace: toy.folder, file: "flake.nix", settings });
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host prod\b/).waitFor();
  await editor.expandView("History");
});

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function deployUpToThePassword(): Promise<void> {
  await editor.runCommand("Nix Deploy: Deploy");
  await editor.pickMany("prod");
  await editor.answerModal("Deploy");
  await expect
    .poll(() => editor.terminalText(), { timeout: 60_000 })
    .toContain("(sudo for prod.test) Password:");
}

function historyRow(what: string) {
  return editor.treeRow("History", new RegExp(`^prod, deploy ${what}`));
}

test("a wrong password: failed, and the host is as before", { timeout: 180_000 }, async () => {
  await deployUpToThePassword();
  await editor.page.keyboard.type("wrong");
  await editor.page.keyboard.press("Enter");
  await historyRow("failed").waitFor({ timeout: 60_000 });
  expect(await prod.generations()).toEqual([]);
});

test("the password is typed in a terminal of its own that has the focus, and the host lands", {
  timeout: 180_000,
}, async () => {
  await deployUpToThePassword();
  await editor.screenshot("deploy-password");
  await editor.page.keyboard.type(SECRET);
  await editor.page.keyboard.press("Enter");
  await historyRow("landed").waitFor({ timeout: 90_000 });
  expect(await prod.currentSystem()).toBe(await toy.build("prod"));
  expect(await editor.terminalText()).not.toContain(SECRET);
});

test("a cancel while it waits for the password ends it", { timeout: 180_000 }, async () => {
  const before = await prod.currentSystem();
  writeFileSync(path.join(editor.workspace, "hosts.nix"), "{ prod = { serial = 7; }; }\n");
  await deployUpToThePassword();
  await editor.page
    .locator(".notification-toast", { hasText: "Deploy: prod" })
    .getByRole("button", { name: "Cancel" })
    .click();
  await expect.poll(() => historyRow("failed").count(), { timeout: 60_000 }).toBe(2);
  expect(await prod.currentSystem()).toBe(before);
});
