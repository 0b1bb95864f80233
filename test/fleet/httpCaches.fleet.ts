// The staging cache over HTTP on real hosts: the wizard turns `stage` into the cache of `prod` and `web` by nix-serve and by
// harmonia, keeps what is there already, and names what can go wrong with it, with the fix that is right.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RotationFacts } from "../../client/src/keys/rotationFacts";
import { ROTATION_STEPS } from "../../client/src/keys/rotationSteps";
import { isFinished, runProcedure, type Saved, undoProcedure } from "../../client/src/procedure/procedure";
import { httpServer, type StagingFacts } from "../../client/src/staging/facts";
import { diagnoseProof } from "../../client/src/staging/proofTrouble";
import { STAGING_STEPS } from "../../client/src/staging/steps";
import type { CacheFix } from "../../client/src/stores/explanation";
import { type HttpServer, openPort, signWhatIsServed } from "../../client/src/stores/httpServer";
import { testOnHost } from "../../client/src/stores/testOnHost";
import { type Fleet, type Host, startFleet } from "./fleet";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";
import { createWizard, never, outcomes, stagingStart, type Wizard } from "./wizard";

const URL = "http://stage.test:5000";
const NIX_SERVE: HttpServer = { service: "nix-serve", port: 5000, flat: false };
let fleet: Fleet;
let toy: ToyFlake;
let wizard: Wizard;
let stage: Host;

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  stage = fleet.host("stage");
  toy = await copyToy();
  wizard = createWizard(fleet, ["stage", "prod", "web"]);
  const system = await toy.build("stage");
  await sendSystem("stage", system);
  await activate("stage", system);
});

afterAll(async () => {
  toy?.remove();
  await fleet?.stop();
  wizard?.remove();
});

const run = (start: Saved<StagingFacts>) =>
  runProcedure(STAGING_STEPS, start, wizard.ports, wizard.progress());

async function deployWithout(...hosts: string[]): Promise<void> {
  wizard.options.forget();
  await wizard.ports.deploy(hosts, never());
  wizard.deployed.length = 0;
}

describe.each(["nix-serve", "harmonia"] as const)("by %s", transport => {
  let facts: StagingFacts;
  const start = (client: string, details: Partial<StagingFacts> = {}) =>
    stagingStart(client, { transport, openFirewall: true, ...details });

  test("the wizard ends in the proof, without an SSH key or a host key", async () => {
    await deployWithout("stage", "prod", "web");
    const state = await run(start("prod"));
    expect(outcomes(state)).toEqual({
      signingKey: "done",
      clientKeys: "skipped",
      hostKey: "skipped",
      configuration: "done",
      server: "done",
      existingPaths: "skipped",
      clients: "done",
      proof: "done",
    });
    expect(wizard.deployed).toEqual(["stage", "prod"]);
    facts = state.facts;
  });

  test("prod fetches what stage was only sent, because the server signs all that it hands out", async () => {
    const system = (await stage.currentSystem()) ?? "";
    await forget("prod");
    const ran = await fleet.host("prod").exec(["nix-store", "--realise", system]);
    expect(ran.stderr).toContain(`from '${URL}'`);
    expect(ran.code).toBe(0);
    const asked = { url: URL, path: system };
    const { test: tested } = await testOnHost(wizard.ports, wizard.findHost("prod"), asked);
    expect(tested.result).toEqual({ kind: "usable", by: "stage.test-1" });
    expect(tested.info).toMatchObject({ priority: 30 });
  });

  test("run again, it changes nothing; a client with Nix 2.8 joins", async () => {
    wizard.deployed.length = 0;
    const again = await run(start("prod"));
    expect(isFinished(STAGING_STEPS, again)).toBe(true);
    expect(again.facts.made).toEqual([]);
    expect(wizard.deployed).toEqual([]);
    const joined = await run(start("web"));
    expect(joined.records["proof"]).toMatchObject({ outcome: "done" });
    expect(wizard.deployed).toEqual(["web"]);
  });

  /** Does what the fix says and sees that prod fetches again. */
  async function fixAndProve(fix: CacheFix): Promise<void> {
    if (fix.kind !== "edit") throw new Error(`not an edit: ${fix.title}`);
    wizard.options.apply(fix.operations);
    const hosts = fix.operations.flatMap(({ target }) => ("hosts" in target ? target.hosts : []));
    await wizard.ports.deploy([...new Set(hosts)], never());
    const proof = STAGING_STEPS.filter(step => step.id === "server" || step.id === "proof");
    const state = await runProcedure(proof, start("prod", facts), wizard.ports, wizard.progress());
    expect(state.records["proof"]).toMatchObject({ outcome: "done" });
  }

  describe("what can go wrong", () => {
    beforeEach(async () => {
      wizard.options.apply(configuration(facts));
      await wizard.ports.deploy(["stage", "prod"], never());
      await run(start("prod"));
    });

    test("missing key", async () => {
      await setting("prod", "trusted-public-keys", "");
      const found = await wizard.trouble(facts, "prod");
      expect(found).toMatchObject({ kind: "missing-key", title: "Missing key" });
      await fixAndProve(found.fix);
    });

    test("wrong key", async () => {
      await setting("prod", "trusted-public-keys", `stage.test-1:${Buffer.alloc(32, 7).toString("base64")}`);
      const found = await wizard.trouble(facts, "prod");
      expect(found).toMatchObject({ kind: "wrong-key", title: "Wrong key" });
      await fixAndProve(found.fix);
    });

    test("a closed firewall", async () => {
      wizard.options.apply(withoutPort(facts));
      await wizard.ports.deploy(["stage"], never());
      const found = await wizard.trouble(facts, "prod");
      expect(found).toMatchObject({
        kind: "refused",
        fix: { operations: [openPort({ ...NIX_SERVE, service: transport }, "stage")] },
      });
      await fixAndProve(found.fix);
    });

    test("a server without its key hands out what nobody signed", async () => {
      wizard.options.apply(withoutKey(facts));
      await wizard.ports.deploy(["stage"], never());
      const found = await wizard.trouble(facts, "prod");
      const signs = signWhatIsServed({ ...NIX_SERVE, service: transport }, "stage", facts.keyFile);
      expect(found).toMatchObject({ kind: "unsigned", fix: { operations: [signs] } });
      await fixAndProve(found.fix);
    });

    test("the server is down: a build on prod goes on without it", async () => {
      await stage.link("down");
      const nonce = `n${Date.now()}`;
      const built = await fleet
        .host("prod")
        .exec([
          "nix-build",
          "--no-out-link",
          "--option",
          "connect-timeout",
          "1",
          "-E",
          `derivation { name = "${nonce}"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; }`,
        ]);
      await stage.link("up");
      expect(built.code, built.stderr).toBe(0);
    });
  });

  test("undone, the key is gone and nobody asks the server any more", async () => {
    await deployWithout("stage", "prod");
    await stage.sh("rm -f /var/lib/nix-deploy/*");
    const end = await run(start("prod"));
    expect(end.facts.made).toHaveLength(1);
    const changed = [{ path: "/w/flake.nix", after: "", replaced: [] }];
    const done = { ...end, facts: { ...end.facts, changed } };
    const undone = await undoProcedure(STAGING_STEPS, done, wizard.ports, wizard.progress());
    expect(new Set(Object.values(outcomes(undone)))).toEqual(new Set(["undone"]));
    expect((await stage.exec(["test", "-e", end.facts.keyFile])).code).toBe(1);
    expect(await fleet.host("prod").sh("cat /etc/nix/nix.conf")).not.toContain(URL);
  });
});

test.each([
  { transport: "harmonia", flat: true, port: 8081 },
  { transport: "nix-serve", flat: false, port: 8080 },
] as const)("$transport at port $port: the wizard ends in the proof", async details => {
  await deployWithout("stage", "prod");
  await stage.sh("rm -f /var/lib/nix-deploy/*");
  const state = await run(stagingStart("prod", { ...details, openFirewall: true }));
  expect(outcomes(state)).toMatchObject({ server: "done", clients: "done", proof: "done" });
  const asked = { url: `http://stage.test:${details.port}`, path: await stage.currentSystem() };
  const { test: tested } = await testOnHost(wizard.ports, wizard.findHost("prod"), asked);
  expect(tested.result).toEqual({ kind: "usable", by: "stage.test-1" });
  // the next case finds no key of ours
  await stage.sh("rm -f /var/lib/nix-deploy/*");
});

test("a server that signs already keeps its key, whoever made it", async () => {
  await deployWithout("stage", "prod");
  await stage.sh("nix-store --generate-binary-cache-key older-7 /root/older.secret /root/older.public");
  wizard.options.apply([
    { kind: "set", target: { hosts: ["stage"] }, option: "services.nix-serve.enable", value: true },
    signWhatIsServed(NIX_SERVE, "stage", "/root/older.secret"),
    openPort(NIX_SERVE, "stage"),
  ]);
  await wizard.ports.deploy(["stage"], never());
  wizard.deployed.length = 0;
  const state = await run(stagingStart("prod", { transport: "nix-serve", openFirewall: true }));
  expect(state.records["proof"]).toMatchObject({ outcome: "done" });
  expect(state.facts).toMatchObject({ keyFile: "/root/older.secret", made: [] });
  expect(state.facts.publicKey).toBe(await stage.sh("cat /root/older.public"));
  expect(wizard.deployed).toEqual(["prod"]);
});

test("a server that answers already, without a key, is deployed with one", async () => {
  await deployWithout("stage", "prod");
  wizard.options.apply([
    { kind: "set", target: { hosts: ["stage"] }, option: "services.nix-serve.enable", value: true },
    openPort(NIX_SERVE, "stage"),
  ]);
  await wizard.ports.deploy(["stage"], never());
  wizard.deployed.length = 0;
  const state = await run(stagingStart("prod", { transport: "nix-serve", openFirewall: true }));
  expect(state.records["proof"]).toMatchObject({ outcome: "done" });
  expect(wizard.deployed).toEqual(["stage", "prod"]);
});

test("the key of a server over HTTP is rotated without a word by hand, and prod never builds what stage has", async () => {
  await deployWithout("stage", "prod");
  await stage.sh("rm -f /var/lib/nix-deploy/*");
  const { facts } = await run(stagingStart("prod", { transport: "nix-serve", openFirewall: true }));
  const system = (await stage.currentSystem()) ?? "";
  await forget("prod");
  const before = await fleet.host("prod").exec(["nix-store", "--realise", system]);
  expect(before.code, before.stderr).toBe(0);
  await fleet.host("prod").sh("nix-store --gc >/dev/null 2>&1");
  const proof = STAGING_STEPS.filter(step => step.id === "proof");
  const start: Saved<RotationFacts> = {
    version: 1,
    kind: "rotation",
    id: "rotate-http",
    startedAt: 1,
    records: {},
    facts: {
      oldKey: facts.publicKey ?? "",
      signer: "stage",
      newName: "stage.test-2",
      newFile: "/var/lib/nix-deploy/stage.test-2.secret",
      newKey: undefined,
      oldFile: undefined,
      served: [],
      clients: ["prod"],
      trusting: [],
      retired: [],
      made: false,
      changed: {},
    },
  };
  const asked: string[] = [];
  const confirm = async (message: string) => asked.push(message) > 0;
  const watched = ROTATION_STEPS.map(step => ({
    ...step,
    run: async (...args: Parameters<typeof step.run>) => {
      const result = await step.run(...args);
      const state = await runProcedure(proof, stagingStart("prod", facts), wizard.ports, wizard.progress());
      expect(state.records["proof"], step.id).toMatchObject({ outcome: "done" });
      return result;
    },
  }));
  const keep = { ...wizard.progress(), save: async () => undefined };
  const end = await runProcedure(watched, start, { ...wizard.ports, confirm }, keep);
  expect(outcomes(end)).toMatchObject({
    switch: "done",
    switchArrived: "done",
    resign: "skipped",
    oldSecret: "done",
  });
  expect(end.facts.served).toEqual([{ service: "nix-serve", file: facts.keyFile }]);
  expect(asked).toEqual(["Delete the old signing key on stage?"]);
  expect((await stage.exec(["test", "-e", facts.keyFile])).code).toBe(1);
  expect(await fleet.host("prod").sh("cat /etc/nix/nix.conf")).not.toContain(facts.publicKey);

  // what the cache said of a path before, Nix remembers with the signature that nobody trusts any more
  const after = await fleet.host("prod").exec(["nix-store", "--realise", system]);
  expect(after.code).toBe(1);
  const failed = { client: "prod", path: system, said: after.stderr.split("\n") };
  const now = { ...facts, publicKey: end.facts.newKey, keyName: "stage.test-2", keyFile: end.facts.newFile };
  const { kind, explanation } = await diagnoseProof(now, wizard.ports, failed, never());
  expect(kind).toBe("remembered");
  if (explanation.fix.kind !== "command") throw new Error(explanation.fix.title);
  expect(explanation.fix.host).toBe("prod");
  await fleet.host("prod").sh(explanation.fix.command);
}, 120_000);

/** What the wizard wrote for one client, to begin each case from the same state. */
function configuration(facts: StagingFacts) {
  const server = httpServer(facts);
  if (server === undefined || facts.publicKey === undefined) throw new Error("the wizard has not run");
  const enable =
    server.service === "nix-serve" ? "services.nix-serve.enable" : "services.harmonia.cache.enable";
  const trusted = "nix.settings.trusted-public-keys";
  return [
    { kind: "set", target: { hosts: ["stage"] }, option: enable, value: true },
    signWhatIsServed(server, "stage", facts.keyFile),
    openPort(server, "stage"),
    { kind: "set", target: { hosts: ["prod"] }, option: trusted, value: [facts.publicKey] },
  ] as const;
}

function withoutPort(facts: StagingFacts) {
  return facts.transport === "nix-serve"
    ? ([
        {
          kind: "set",
          target: { hosts: ["stage"] },
          option: "services.nix-serve.openFirewall",
          value: false,
        },
      ] as const)
    : ([
        {
          kind: "removeFromList",
          target: { hosts: ["stage"] },
          option: "networking.firewall.allowedTCPPorts",
          items: [5000],
        },
      ] as const);
}

function withoutKey(facts: StagingFacts) {
  const option =
    facts.transport === "nix-serve"
      ? "services.nix-serve.secretKeyFile"
      : "services.harmonia.cache.signKeyPaths";
  const value = facts.transport === "nix-serve" ? null : [];
  return [{ kind: "set", target: { hosts: ["stage"] }, option, value }] as const;
}

/** Takes from a host what it has and what it remembers of caches. */
async function forget(host: string): Promise<void> {
  await fleet.host(host).sh("nix-store --gc >/dev/null 2>&1; rm -rf /root/.cache/nix");
}

/** Sets one line of a host's nix.conf, as a mistake in its configuration would. */
async function setting(host: string, name: string, value: string): Promise<void> {
  await fleet.host(host).sh(`sed -i 's|^${name} =.*|${name} = ${value}|' /etc/nix/nix.conf`);
}
