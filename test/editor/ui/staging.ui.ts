// A user makes `stage` the binary cache of `prod` with the wizard, on real hosts whose NixOS configuration the wizard edits: its
// questions, the changes before anything is written, a window that is loaded anew in the middle, the proof, and the way back.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireCommand } from "../../fleet/command";
import { type Fleet, startFleet } from "../../fleet/fleet";
import { copyToyNixos, type ToyNixos } from "../../fleet/toyNixos";
import { type Editor, openEditor } from "./editor";

const WIZARD = "Nix Deploy: Set Up a Staging Cache";
const CACHE = "ssh://nix-ssh@stage.test?priority=50";
const NAME = "Binary cache on stage for prod";
const KEY_FILE = "/var/lib/nix-deploy/stage.test-1.secret";
let fleet: Fleet;
let toy: ToyNixos;
let editor: Editor;

beforeAll(async () => {
  fleet = await startFleet("stage", "prod");
  toy = await copyToyNixos();
  editor = await openEditor({ workspace: toy.folder, file: "hosts/prod.nix" });
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host prod\b/).waitFor();
});

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
});

const configuration = (host: string) =>
  readFileSync(path.join(editor.workspace, `hosts/${host}.nix`), "utf8");

async function beginWizard(): Promise<void> {
  await editor.runCommand(WIZARD);
  await editor.pickRows("stage").first().click();
  await editor.pickMany("prod");
  await editor.pickRows("private, no port to open").first().click();
  await editor.answerInput("The Address of stage", "stage.test");
  const said = await editor.modalText();
  expect(said).toContain("Make stage the binary cache of prod?");
  expect(said).toContain(CACHE);
  await editor.answerModal("Set It Up");
}

test("the changes are shown before anything is written, and each deployment is asked for", async () => {
  await beginWizard();
  await editor.pickRows("Change the Configuration").waitFor({ timeout: 60_000 });
  await editor.screenshot("staging-changes");
  expect(configuration("prod")).not.toContain("substituters");
  const shown = await editor.agreeToChanges("Change the Configuration");
  expect(shown).toContain(CACHE);
  expect(shown).toContain("nix.sshServe");
  await editor.agree("Deploy to stage?", "Deploy");
  expect(configuration("stage")).toContain("nix.sshServe");
  expect(configuration("prod")).toContain(CACHE);
  // the server is deployed, and lets prod in, before prod is asked about
  await editor.modal.filter({ hasText: "Deploy to prod?" }).waitFor({ timeout: 60_000 });
  const key = await fleet.host("prod").sh("cut -d' ' -f2 /root/.ssh/id_ed25519.pub");
  expect(await fleet.host("stage").sh("cat /etc/ssh/authorized_keys.d/nix-ssh")).toContain(key.trim());
}, 150_000);

test("in a window that was loaded anew it goes on where it stopped, and ends in the proof", async () => {
  const stage = fleet.host("stage");
  const before = [await stage.generations(), await stage.sh(`cat ${KEY_FILE}`)];
  await editor.reload();
  await editor.treeRow("Hosts", /^host prod\b/).waitFor();
  await editor.runCommand(WIZARD);
  await editor.pickRows(`Go on: ${NAME}`).first().click();
  await editor.agree("Deploy to prod?", "Deploy");
  await editor.textEditor("staging.md").waitFor({ timeout: 60_000 });
  await editor.closePanel();
  await editor.screenshot("staging-proof");
  await expect
    .poll(() => editor.visibleText("staging.md"))
    .toContain("Proof: a path from stage reaches prod** (✓ done)");
  expect([await stage.generations(), await stage.sh(`cat ${KEY_FILE}`)]).toEqual(before);
  const secret = (await stage.sh(`cut -d: -f2 ${KEY_FILE}`)).trim();
  expect(secret).toHaveLength(88);
  expect(await editor.filesWith(secret.slice(0, 40))).toEqual([]);
  // what the proof says, asked of the host itself
  const system = (await stage.currentSystem()) ?? "";
  const fetched = await fleet.host("prod").exec(["nix-store", "--realise", system]);
  expect(fetched.stderr).toContain("from 'ssh://nix-ssh@stage.test");
}, 150_000);

test("undone, the files are as they were, the key is gone, and prod runs without the cache", async () => {
  await editor.runCommand(WIZARD);
  await editor.pickRows(`Undo: ${NAME}`).first().click();
  await editor.agreeToChanges("Take the Changes Back");
  await editor.agree("Deploy to prod, stage?", "Deploy");
  // the first step is the last to be undone
  await expect
    .poll(() => editor.visibleText("staging.md"), { timeout: 60_000 })
    .toContain("The signing key on stage** (↩ undone)");
  await editor.screenshot("staging-undone");
  expect(
    await requireCommand(["git", "-C", editor.workspace, "diff", "--stat", "--", "hosts", "flake.nix"]),
  ).toBe("");
  const [stage, prod] = [fleet.host("stage"), fleet.host("prod")];
  expect((await stage.exec(["test", "-e", KEY_FILE])).code).toBe(1);
  expect(await prod.sh("cat /etc/nix/nix.conf")).not.toContain("stage.test");
  expect(await stage.sh("cat /etc/ssh/authorized_keys.d/nix-ssh")).not.toContain("ssh-ed25519");
}, 150_000);
