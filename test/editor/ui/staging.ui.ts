// A user makes `stage` the binary cache of `prod` with the wizard: its questions, the difference before anything is written, and
// the first deployment, on real hosts whose NixOS configuration the wizard edits. The rest of the way is in test/fleet.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fleet, startFleet } from "../../fleet/fleet";
import { copyToyNixos, type ToyNixos } from "../../fleet/toyNixos";
import { type Editor, openEditor } from "./editor";

const WIZARD = "Nix Deploy: Set Up a Staging Cache";
const CACHE = "ssh://nix-ssh@stage.test?priority=50";
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

/** Presses a button of the next question that says this. */
async function agree(asks: string, button: string): Promise<void> {
  await expect
    .poll(() => editor.modal.allTextContents(), { timeout: 60_000 })
    .toEqual([expect.stringContaining(asks)]);
  await editor.answerModal(button);
}

async function beginWizard(): Promise<void> {
  await editor.pickRows("stage").first().click();
  await editor.pickMany("prod");
  await editor.pickRows("private, no port to open").first().click();
  await editor.answerInput("The Address of stage", "stage.test");
  const said = await editor.modalText();
  expect(said).toContain("Make stage the binary cache of prod?");
  expect(said).toContain(CACHE);
  await editor.answerModal("Set It Up");
}

test("the change is shown as a difference before anything is written, and each deployment is asked for", async () => {
  await editor.runCommand(WIZARD);
  await beginWizard();
  await expect
    .poll(() => editor.modal.allTextContents(), { timeout: 60_000 })
    .toEqual([expect.stringContaining("Change the Configuration")]);
  expect(await editor.modalText()).toContain("prod.nix: add to nix.settings.substituters");
  await editor.screenshot("staging-difference");
  expect(configuration("prod")).not.toContain("substituters");
  await editor.answerModal("Change the Configuration");
  await agree("Deploy to stage?", "Deploy");
  expect(configuration("stage")).toContain("nix.sshServe");
  expect(configuration("prod")).toContain(CACHE);
  // the server is deployed, and lets prod in, before prod is asked about
  await expect
    .poll(() => editor.modal.allTextContents(), { timeout: 60_000 })
    .toEqual([expect.stringContaining("Deploy to prod?")]);
  const key = await fleet.host("prod").sh("cut -d' ' -f2 /root/.ssh/id_ed25519.pub");
  expect(await fleet.host("stage").sh("cat /etc/ssh/authorized_keys.d/nix-ssh")).toContain(key.trim());
  await editor.answerModal("Cancel");
}, 150_000);
