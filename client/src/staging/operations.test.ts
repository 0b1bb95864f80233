import { expect, test } from "vitest";
import type { EditOperation, HostSnapshot } from "../../../server/src/protocol";
import { editedWorkspace } from "../../../test/harness/editedWorkspace";
import { hostOf } from "../../../test/harness/snapshots";
import { STAGING_FACTS, STAGING_KEY } from "../../../test/harness/stagingFacts";
import { proposeEdits, proposeUndo } from "../configuration/edits";
import { scriptedUi } from "../ports/scriptedUi";
import { sameStore } from "../stores/spellings";
import { cacheUrl, readStagingFacts, type StagingFacts } from "./facts";
import { stagingOperations } from "./operations";

const lines = (operations: readonly EditOperation[]) =>
  operations.map(operation => {
    const host = "hosts" in operation.target ? operation.target.hosts.join() : operation.target.path;
    const value = operation.kind === "set" ? operation.value : operation.items;
    return `${host} ${operation.kind} ${operation.option} ${JSON.stringify(value)}`;
  });

test("SSH: server and client say all that the proof needs", () => {
  expect(lines(stagingOperations(STAGING_FACTS, () => undefined))).toMatchInlineSnapshot(`
    [
      "stage set nix.sshServe.enable true",
      "stage addToList nix.sshServe.keys ["ssh-ed25519 PROD"]",
      "stage addToList nix.settings.secret-key-files ["/var/lib/nix-deploy/stage-1.secret"]",
      "prod addToList nix.settings.substituters ["ssh://nix-ssh@stage.test?priority=50"]",
      "prod addToList nix.settings.trusted-public-keys ["${STAGING_KEY}"]",
      "prod set nix.settings.fallback true",
      "prod set programs.ssh.knownHosts."stage.test".publicKey "ssh-ed25519 HOST"",
    ]
  `);
});

test("what a client has already in another spelling is kept", () => {
  const prod = hostOf({
    name: "prod",
    substituters: ["ssh://nix-ssh@stage.test"],
    trustedPublicKeys: [STAGING_KEY.replace("=", "")],
  });
  const options = stagingOperations(STAGING_FACTS, () => prod).map(({ option }) => option);
  expect(options).not.toContain("nix.settings.substituters");
  expect(options).not.toContain("nix.settings.trusted-public-keys");
  expect(sameStore("https://A.org/", "https://a.org:443?priority=1")).toBe(true);
  expect(sameStore("ssh://a", "ssh-ng://a")).toBe(false);
});

test("HTTP: a signing server, no SSH keys, no host key", () => {
  const serve = (facts: Partial<StagingFacts>) =>
    lines(stagingOperations({ ...STAGING_FACTS, ...facts }, () => undefined)).map(line =>
      line.split(" ").slice(0, 3).join(" "),
    );
  expect(serve({ transport: "nix-serve", openFirewall: true })).toEqual([
    "stage set services.nix-serve.enable",
    "stage set services.nix-serve.secretKeyFile",
    "stage set services.nix-serve.openFirewall",
    "prod addToList nix.settings.substituters",
    "prod addToList nix.settings.trusted-public-keys",
    "prod set nix.settings.fallback",
  ]);
  expect(serve({ transport: "harmonia" }).slice(0, 3)).toEqual([
    "stage set services.harmonia.cache.enable",
    "stage addToList services.harmonia.cache.signKeyPaths",
    "prod addToList nix.settings.substituters",
  ]);
  expect(
    lines(
      stagingOperations({ ...STAGING_FACTS, transport: "harmonia", openFirewall: true }, () => undefined),
    ),
  ).toContain("stage addToList networking.firewall.allowedTCPPorts [5000]");
  expect(cacheUrl({ transport: "nix-serve", address: "fd00::1", port: 5000 })).toBe("http://[fd00::1]:5000");
});

test("HTTP: another port, and harmonia as older nixpkgs has it", () => {
  const of = (facts: Partial<StagingFacts>, host?: HostSnapshot) =>
    lines(stagingOperations({ ...STAGING_FACTS, ...facts }, name => (name === "stage" ? host : undefined)));
  expect(of({ transport: "nix-serve", port: 8080 })).toEqual(
    expect.arrayContaining([
      "stage set services.nix-serve.port 8080",
      'prod addToList nix.settings.substituters ["http://stage.test:8080"]',
    ]),
  );
  const flat = of({ transport: "harmonia", port: 8080, flat: true, openFirewall: true });
  expect(flat.slice(0, 4)).toEqual([
    "stage set services.harmonia.enable true",
    'stage set services.harmonia.settings.bind "[::]:8080"',
    'stage addToList services.harmonia.signKeyPaths ["/var/lib/nix-deploy/stage-1.secret"]',
    "stage addToList networking.firewall.allowedTCPPorts [8080]",
  ]);
  // where it listens there already, nothing is said of it
  const stage = hostOf({ name: "stage", httpServer: { service: "nix-serve", port: 8080, flat: false } });
  expect(of({ transport: "nix-serve", port: 8080 }, stage).join()).not.toContain("port");
  expect(of({ transport: "nix-serve" }, stage)).toContain("stage set services.nix-serve.port 5000");
});

test("kept facts are read back, and anything else is not", () => {
  expect(readStagingFacts(JSON.parse(JSON.stringify(STAGING_FACTS)))).toEqual(STAGING_FACTS);
  expect(readStagingFacts({ ...STAGING_FACTS, transport: "ftp" })).toBeUndefined();
  expect(readStagingFacts({ ...STAGING_FACTS, clients: [1] })).toBeUndefined();
  expect(readStagingFacts({ ...STAGING_FACTS, made: [{ kind: "x" }] })).toMatchObject({ made: [] });
  expect(readStagingFacts(null)).toBeUndefined();
});

test("the edits of a whole staging cache fit a real configuration, which then means what was wanted", async () => {
  const workspace = editedWorkspace(`#- flake.nix
{
  outputs = { self, nixpkgs }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "stage" "prod" ] (name: nixpkgs.lib.nixosSystem {
      modules = [ ./hosts/\${name}.nix ];
    });
  };
}
#- hosts/prod.nix
{ nix.settings.substituters = [ "https://one.example" ]; }
#- hosts/stage.nix
{
  nix.sshServe = {
    keys = [ "ssh-ed25519 OLD" ];
  };
}
`);
  const { ui } = scriptedUi({ confirms: [true, true] });
  const app = { ui, server: workspace.server, documents: workspace.documents };
  const before = new Map(workspace.files);
  const operations = stagingOperations(STAGING_FACTS, () => undefined);
  const changed = await proposeEdits(app, { message: "", operations });
  const hosts = workspace.analysis().fleet().hosts;
  const effective = (host: string, option: string) => {
    const datum = hosts.find(({ name }) => name === host)?.effective.get(option);
    return datum?.kind === "list"
      ? datum.items.map(item => (item.kind === "text" ? item.text : item.kind))
      : datum?.kind;
  };
  expect(effective("prod", "nix.settings.substituters")).toEqual(
    expect.arrayContaining(["https://one.example", "ssh://nix-ssh@stage.test?priority=50"]),
  );
  expect(effective("prod", "nix.settings.trusted-public-keys")).toEqual(
    expect.arrayContaining([STAGING_KEY]),
  );
  expect(effective("stage", "nix.sshServe.keys")).toEqual(["ssh-ed25519 OLD", "ssh-ed25519 PROD"]);
  expect([...workspace.files.values()].join("\n")).toContain(
    'programs.ssh.knownHosts."stage.test".publicKey',
  );
  // a second time there is nothing left to do
  expect(await proposeEdits(app, { message: "", operations })).toEqual([]);
  await proposeUndo(app, "", changed);
  expect(workspace.files).toEqual(before);
});
