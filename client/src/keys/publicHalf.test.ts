import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { answeringHost } from "../../../test/harness/answeringHost";
import { editedWorkspace } from "../../../test/harness/editedWorkspace";
import { localShell } from "../../../test/harness/localShell";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { nodeFiles } from "../ports/files";
import { createLog } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { generateKeyPair } from "./generateKey";
import { type PublicKeyApp, readPublicHalf, showPublicKey } from "./publicHalf";

const folder = () => mkdtempSync(path.join(tmpdir(), "public-"));
const CONFIGURATION = `#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
  };
}
#- prod.nix
{ nix.settings.cores = 1; }
`;

function world(script: Script, hosts = [hostOf({ name: "prod" })]) {
  const workspace = editedWorkspace(CONFIGURATION);
  const heard: string[] = [];
  const { ui, said, copied } = scriptedUi(script);
  const snapshot = fleetOf(hosts);
  // the commands read no more of the state and the ports than these
  const app = {
    ui,
    log: createLog(
      (_, line) => heard.push(line),
      () => undefined,
    ),
    ports: { files: nodeFiles, ssh: localShell({ onText: text => heard.push(text) }) },
    state: { fleet: { hosts, snapshot } },
    server: workspace.server,
    documents: workspace.documents,
    insert: async () => false,
  } as unknown as PublicKeyApp & { readonly log: ReturnType<typeof createLog> };
  return { app, said, copied, heard, text: () => [...workspace.files.values()].join("\n") };
}

test("a secret key file becomes its public half, and nothing of the secret is shown", async () => {
  const pair = generateKeyPair("cache-1");
  const file = path.join(folder(), "k");
  for (const text of [pair.secretKey, `${pair.secretKey}\n`, `${pair.secretKey}\r\n`]) {
    writeFileSync(file, text);
    expect(await readPublicHalf(nodeFiles, file)).toBe(pair.publicKey);
  }
  const w = world({ picks: [["Of a secret key file on this machine…"], ["Copy"]], inputs: [file] });
  await showPublicKey(w.app, undefined);
  expect(w.copied).toEqual([pair.publicKey]);
  expect(w.said.join("\n")).toContain(`chmod 600 ${file}`);
  chmodSync(file, 0o600);
  const closed = world({ picks: [["Of a secret key file on this machine…"], ["Copy"]], inputs: [file] });
  await showPublicKey(closed.app, undefined);
  expect(closed.said.join("\n")).not.toContain("chmod");
  expect([...w.said, ...w.heard].join("\n")).not.toContain(pair.secretKey.slice(10, 60));
});

test("files that hold something else are named and never quoted", async () => {
  const pair = generateKeyPair("cache-1");
  const other = generateKeyPair("cache-1");
  const mixed = Buffer.concat([
    Buffer.from(pair.secretKey.split(":")[1] ?? "", "base64").subarray(0, 32),
    Buffer.from(other.publicKey.split(":")[1] ?? "", "base64"),
  ]);
  const file = path.join(folder(), "k");
  const cases: readonly (readonly [string, RegExp])[] = [
    [pair.publicKey, /public key already/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nabc", /no secret key/],
    ["", /no secret key/],
    ["x".repeat(100_000), /no secret key/],
    [`cache-1:${mixed.toString("base64")}`, /do not belong together/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(file, text);
    const error = await readPublicHalf(nodeFiles, file).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(message);
    if (text.length > 20) expect(String(error)).not.toContain(text.slice(10, 20));
  }
  await expect(readPublicHalf(nodeFiles, `${file}.none`)).rejects.toThrow("no file");
  await expect(readPublicHalf(nodeFiles, path.dirname(file))).rejects.toThrow("no file");
});

test("the keys of a host are those with which it builds and those with which it serves", async () => {
  const hosts = [hostOf({ name: "stage", sshUser: "root" })];
  const show = async (picks: readonly string[][], ...lines: readonly string[]) => {
    const w = world({ picks: [["Signing keys of stage…"], ...picks] }, hosts);
    const app = { ...w.app, ports: { ...w.app.ports, ssh: answeringHost(...lines) as never } };
    const ended = await showPublicKey(app, undefined).catch(String);
    return { ...w, ended };
  };
  const served = await show([["Copy"]], "service harmonia", "serves harmonia /k/served serve-1:KEY");
  expect(served.copied).toEqual(["serve-1:KEY"]);
  const both = ["holds /k/build build-1:KEY", "serves harmonia /k/served serve-1:KEY"];
  const twice = await show([["serve-1"], ["Copy"]], ...both, "serves nix-serve /k/build build-1:KEY");
  expect(twice.said.join("\n")).toContain("pick: stage: build-1, serve-1\n");
  expect(twice.copied).toEqual(["serve-1:KEY"]);
  // named, and no key in it
  expect((await show([], "signing /k/broken")).ended).toContain("/k/broken");
  expect((await show([])).ended).toContain("signs with no key");
});

test("a key is written into the configuration of the hosts that were chosen", async () => {
  const { publicKey } = generateKeyPair("cache-1");
  const w = world({ picks: [["Let hosts trust it…"], ["prod"]], confirms: [true] });
  await showPublicKey(w.app, publicKey);
  expect(w.text()).toContain(`nix.settings.trusted-public-keys = [ "${publicKey}" ];`);
});
