// A user finds out why `prod` gets nothing from the cache on `stage`: each of the four ways in which it fails is named, its fix is
// clicked and deployed, and prod fetches again. Then the cache's key is replaced by another. Real hosts, real Nix.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireCommand } from "../../fleet/command";
import { type Fleet, type Host, startFleet } from "../../fleet/fleet";
import { activate, sendSystem } from "../../fleet/toyFlake";
import { copyToyNixos, type ToyNixos } from "../../fleet/toyNixos";
import { type Editor, openEditor } from "./editor";

const URL = "ssh://nix-ssh@stage.test?priority=50";
const FOLDER = "/var/lib/nix-deploy";
let fleet: Fleet;
let toy: ToyNixos;
let editor: Editor;
let stage: Host;
let prod: Host;
let keys: Keys;
/** What stage runs, signed by its key. */
let system: string;

interface Keys {
  readonly cache: string;
  readonly client: string;
  readonly host: string;
}

beforeAll(async () => {
  fleet = await startFleet("stage", "prod");
  [stage, prod] = [fleet.host("stage"), fleet.host("prod")];
  toy = await copyToyNixos();
  await stage.sh(
    `mkdir -p -m 700 ${FOLDER}; nix-store --generate-binary-cache-key stage.test-1 ${FOLDER}/stage.test-1.secret /root/public`,
  );
  const words = "cut -d' ' -f1,2";
  keys = {
    cache: await stage.sh("cat /root/public"),
    client: (await prod.sh(`${words} /root/.ssh/id_ed25519.pub`)).trim(),
    host: (await stage.sh(`${words} /etc/ssh/ssh_host_ed25519_key.pub`)).trim(),
  };
  configure(toy.folder, {});
  for (const host of ["stage", "prod"]) await deploy(toy.folder, host);
  system = (await stage.currentSystem()) ?? "";
  await stage.sh(`nix store sign -r -k ${FOLDER}/stage.test-1.secret ${system}`);
  editor = await openEditor({ workspace: toy.folder });
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host prod\b/).waitFor();
  await editor.expandView("History");
}, 120_000);

afterAll(async () => {
  await editor?.close();
  toy?.remove();
  await fleet?.stop();
});

interface Mistakes {
  readonly trusted?: readonly string[];
  readonly known?: readonly string[];
  readonly allowed?: readonly string[];
}

/** Writes the configuration of a cache that works, but for the mistakes. */
function configure(
  folder: string,
  { trusted = [keys.cache], known = [keys.host], allowed = [keys.client] }: Mistakes,
): void {
  const list = (items: readonly string[]) => `[ ${items.map(item => JSON.stringify(item)).join(" ")} ]`;
  const write = (host: string, lines: readonly string[]) =>
    writeFileSync(
      path.join(folder, `hosts/${host}.nix`),
      `{ ... }:\n\n{\n${lines.map(line => `  ${line}\n`).join("")}}\n`,
    );
  write("stage", [
    `nix.settings.secret-key-files = [ "${FOLDER}/stage.test-1.secret" ];`,
    "nix.sshServe.enable = true;",
    `nix.sshServe.keys = ${list(allowed)};`,
  ]);
  write("prod", [
    `nix.settings.substituters = [ "${URL}" ];`,
    `nix.settings.trusted-public-keys = ${list(trusted)};`,
    ...known.map(key => `programs.ssh.knownHosts."stage.test".publicKey = "${key}";`),
  ]);
}

/** Deploys a host without the extension. */
async function deploy(folder: string, host: string): Promise<void> {
  const toplevel = `${folder}#nixosConfigurations.${host}.config.system.build.toplevel`;
  const built = await requireCommand(["nix", "build", "--no-link", "--json", toplevel]);
  const out = /"out":"([^"]+)"/.exec(built)?.[1] ?? "";
  await sendSystem(host, out);
  expect((await activate(host, out)).code).toBe(0);
}

/** Builds on stage what nobody else has, and fetches it on prod. */
async function prodFetches(): Promise<void> {
  const build = `derivation { name = "n${performance.now()}"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; }`;
  const built = (await stage.exec(["nix-build", "--no-out-link", "-E", build])).stdout.trim();
  const fetched = await prod.exec(["nix-store", "--realise", built]);
  expect(fetched.code, fetched.stderr).toBe(0);
}

/** Tests the cache from prod, and waits for what the page says of it. */
async function testFromProd(result: string): Promise<void> {
  await editor.runCommand("Nix Deploy: Test a Cache");
  await editor.pickRows(URL).first().click();
  await editor.pickMany("prod");
  await editor.answerInput("A Store Path to Look Up", system);
  await editor.textEditor("cache-test.md").waitFor();
  await expect.poll(() => editor.visibleText("cache-test.md")).toContain(result);
}

test.each([
  {
    name: "Missing key",
    host: "prod",
    mistakes: () => ({ trusted: [] }),
    fix: () => keys.cache,
  },
  {
    name: "Wrong key",
    host: "prod",
    mistakes: () => ({ trusted: [`stage.test-1:${Buffer.alloc(32, 7).toString("base64")}`] }),
    fix: () => keys.cache,
  },
  { name: "Unknown host key", host: "prod", mistakes: () => ({ known: [] }), fix: () => keys.host },
  {
    name: "Not allowed to log in",
    host: "stage",
    mistakes: () => ({ allowed: [] }),
    fix: () => keys.client,
  },
])(
  "$name: told by name, and repaired by what is offered",
  async ({ name, host, mistakes, fix }) => {
    configure(editor.workspace, mistakes());
    await deploy(editor.workspace, host);
    const landed = editor.treeRow("History", new RegExp(`^${host}, deploy landed`));
    const before = await landed.count();
    await expect(prodFetches()).rejects.toThrow();
    await testFromProd(name);
    const offered = editor.notification(`prod: ${name}.`);
    await offered.getByRole("button", { name: "Show the Fix" }).click();
    expect(await editor.agreeToChanges("Change the Configuration")).toContain(fix());
    await editor
      .notification(`It takes effect when ${host} is deployed.`)
      .getByRole("button", { name: "Deploy" })
      .click();
    await editor.agree(`Deploy to ${host}?`, "Deploy");
    await expect.poll(() => landed.count(), { timeout: 60_000 }).toBe(before + 1);
    await testFromProd("usable, signed by stage.test-1");
    await prodFetches();
  },
  120_000,
);

test("the key is rotated: trusted before it signs, the old one gone at the end, and prod fetches all the time", async () => {
  const before = await prod.sh("cat /etc/nix/nix.conf");
  expect(before).toContain(keys.cache);
  const oldSecret = await stage.sh(`cut -d: -f2 ${FOLDER}/stage.test-1.secret`);
  await editor.runCommand("Nix Deploy: Rotate a Cache Key");
  await editor.answerPick("Which Key to Replace", "stage.test-1");
  await editor.answerPick("Who Signs with stage.test-1", "stage");
  await editor.answerInput("The Name of the New Key", "stage.test-2");
  expect(await editor.modalText()).toContain("Replace the key stage.test-1 on prod?");
  await editor.answerModal("Rotate the Key");

  expect(await editor.agreeToChanges("Change the Configuration")).toContain("stage.test-2:");
  await editor.agree("Deploy to prod?", "Deploy");
  expect(await editor.agreeToChanges("Change the Configuration")).toContain(`${FOLDER}/stage.test-2.secret`);
  // both are trusted before the signer is switched
  expect(await prod.sh("cat /etc/nix/nix.conf")).toMatch(/stage\.test-1:.*stage\.test-2:/);
  await prodFetches();
  await editor.agree("Deploy to stage?", "Deploy");
  await editor.agreeToChanges("Change the Configuration");
  await prodFetches();
  await editor.agree("Deploy to prod?", "Deploy");
  await editor.agree("Delete the old signing key on stage?", "Delete the Key");
  await editor.notification(/stage\.test-1 → stage\.test-2.*: done\./).waitFor({ timeout: 60_000 });
  await editor.closePanel();
  await editor.screenshot("key-rotated");

  expect(await prod.sh("cat /etc/nix/nix.conf")).not.toContain("stage.test-1:");
  expect(await stage.sh(`ls ${FOLDER}`)).toBe("stage.test-2.secret");
  const newSecret = await stage.sh(`cut -d: -f2 ${FOLDER}/stage.test-2.secret`);
  for (const secret of [oldSecret, newSecret]) {
    expect(secret.trim()).toHaveLength(88);
    expect(await editor.filesWith(secret.slice(0, 40))).toEqual([]);
  }
  await prodFetches();
  await testFromProd("usable, signed by stage.test-2");
}, 150_000);
