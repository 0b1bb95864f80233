// The staging cache on real hosts: the wizard's own steps turn `stage` into the cache of `prod` and prove it; then each
// failure of such a cache is made on purpose, and must be named with the fix that is right. Only the deploy is the test's
// own, because toy hosts have no NixOS modules.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextKeyName, type RotationFacts, readRotationFacts } from "../../client/src/keys/rotationFacts";
import { ROTATION_STEPS } from "../../client/src/keys/rotationSteps";
import { nodeFiles } from "../../client/src/ports/files";
import { SILENT_LOG } from "../../client/src/ports/log";
import {
  isFinished,
  type Progress,
  runProcedure,
  type Saved,
  undoProcedure,
} from "../../client/src/procedure/procedure";
import { ProcedureStore } from "../../client/src/procedure/procedureStore";
import { cacheUrl, type StagingFacts } from "../../client/src/staging/facts";
import { diagnoseProof } from "../../client/src/staging/proofTrouble";
import type { StagingPorts } from "../../client/src/staging/stagingStep";
import { STAGING_STEPS } from "../../client/src/staging/steps";
import type { CacheFix } from "../../client/src/stores/explanation";
import { testOnHost } from "../../client/src/stores/testOnHost";
import { type Fleet, type Host, startFleet } from "./fleet";
import { activateOptions } from "./nixosOptions";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";
import { type ArgumentWatch, watchArguments } from "./watchArguments";
import { createWizard, never, outcomes, stagingStart, type Wizard } from "./wizard";

const SERVER = "stage";
let fleet: Fleet;
let toy: ToyFlake;
let wizard: Wizard;
/** Watched from the first step of the wizard to the last of the rotation. */
let watches: readonly ArgumentWatch[];
/** The payloads of all secret keys that came to be. */
const payloads: string[] = [];

const startOf = stagingStart;

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
  wizard = createWizard(fleet, ["stage", "prod", "web"]);
  watches = await Promise.all(["stage", "prod"].map(name => watchArguments(fleet.host(name))));
});

afterAll(async () => {
  toy?.remove();
  await fleet?.stop();
  wizard?.remove();
});

describe("the wizard", () => {
  test("a server that cannot be reached stops it at the first step, and nothing was changed", async () => {
    await fleet.host(SERVER).link("down");
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), wizard.ports, wizard.progress());
    await fleet.host(SERVER).link("up");
    expect(outcomes(state)).toEqual({ signingKey: "failed" });
    expect(state.records["signingKey"]?.note).toContain("stage");
    expect(wizard.deployed).toEqual([]);
  });

  test("it goes on where it stopped after a restart, and ends in the proof", async () => {
    // what stage runs came from elsewhere, so its own key has not signed it
    const system = await toy.build(SERVER);
    await sendSystem(SERVER, system);
    await activate(SERVER, system);
    const [saved] = await wizard.store().load();
    if (saved === undefined) throw new Error("nothing was kept");
    const state = await runProcedure(STAGING_STEPS, saved, wizard.ports, wizard.progress());
    expect(outcomes(state)).toEqual({
      signingKey: "done",
      clientKeys: "done",
      hostKey: "done",
      configuration: "done",
      server: "done",
      existingPaths: "done",
      clients: "done",
      proof: "done",
    });
    expect(wizard.deployed).toEqual(["stage", "prod"]);
    expect(isFinished(STAGING_STEPS, state)).toBe(true);
    expect(state.facts.made.map(({ kind }) => kind)).toEqual(["cacheKey"]);
  });

  test("prod fetches what stage has instead of building it", async () => {
    const [prod, stage] = [fleet.host("prod"), fleet.host(SERVER)];
    const system = await stage.currentSystem();
    const ran = await prod.exec(["nix-store", "--realise", system ?? ""]);
    expect(ran.stderr).toContain("from 'ssh://nix-ssh@stage.test");
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toContain("building");
  });

  test("run again, it finds everything and changes nothing", async () => {
    const before = await stageKey();
    wizard.deployed.length = 0;
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), wizard.ports, wizard.progress());
    expect(isFinished(STAGING_STEPS, state)).toBe(true);
    expect(state.facts.made).toEqual([]);
    expect(wizard.deployed).toEqual([]);
    expect(await stageKey()).toBe(before);
  });

  test("a client with Nix 2.8 joins, and the server keeps the one it has", async () => {
    const state = await runProcedure(STAGING_STEPS, startOf("web"), wizard.ports, wizard.progress());
    expect(state.records["proof"]).toMatchObject({ outcome: "done" });
    expect(wizard.options.list(SERVER, "nix.sshServe.keys")).toHaveLength(2);
  });
});

const stageKey = () => fleet.host(SERVER).sh("cat /var/lib/nix-deploy/stage.test-1.secret");

describe("what can go wrong, by name and with the fix", () => {
  let facts: StagingFacts;

  beforeAll(async () => {
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), wizard.ports, wizard.progress());
    facts = state.facts;
  });

  const trouble = (client = "prod") => wizard.trouble(facts, client);

  /** Does what the fix says and sees that prod fetches again. */
  async function fixAndProve(fix: CacheFix): Promise<void> {
    if (fix.kind !== "edit") throw new Error(`not an edit: ${fix.title}`);
    wizard.options.apply(fix.operations);
    const hosts = fix.operations.flatMap(({ target }) => ("hosts" in target ? target.hosts : []));
    await wizard.ports.deploy([...new Set(hosts)], never());
    const proof = STAGING_STEPS.filter(step => step.id === "proof");
    const state = await runProcedure(proof, { ...startOf("prod"), facts }, wizard.ports, wizard.progress());
    expect(state.records["proof"]).toMatchObject({ outcome: "done" });
  }

  const prod = () => fleet.host("prod");

  for (const client of ["prod", "web"]) {
    test(`missing key (${client})`, async () => {
      await edit(fleet.host(client), "trusted-public-keys", "");
      const found = await trouble(client);
      expect(found).toMatchObject({ kind: "missing-key", title: "Missing key", fix: { kind: "edit" } });
      await fixAndProveFor(client, found.fix);
    });

    test(`wrong key (${client})`, async () => {
      const other = `stage.test-1:${Buffer.alloc(32, 7).toString("base64")}`;
      await edit(fleet.host(client), "trusted-public-keys", other);
      const found = await trouble(client);
      expect(found).toMatchObject({ kind: "wrong-key", title: "Wrong key", fix: { kind: "edit" } });
      expect(JSON.stringify(found.fix)).toContain(other);
      await fixAndProveFor(client, found.fix);
    });

    test(`unknown host key (${client})`, async () => {
      await fleet.host(client).sh(": > /etc/ssh/ssh_known_hosts; rm -f /root/.ssh/known_hosts");
      const found = await trouble(client);
      expect(found).toMatchObject({ kind: "host-key-unknown", title: "Unknown host key" });
      await fixAndProveFor(client, found.fix);
    });
  }

  async function fixAndProveFor(client: string, fix: CacheFix): Promise<void> {
    const before = facts;
    facts = { ...facts, clients: [client] };
    await fixAndProve(fix);
    facts = before;
  }

  test("not allowed", async () => {
    await fleet.host(SERVER).sh(": > /etc/ssh/authorized_keys.d/nix-ssh");
    const found = await trouble();
    expect(found).toMatchObject({ kind: "not-allowed", title: "Not allowed to log in" });
    expect(found.fix).toMatchObject({
      operations: [{ option: "nix.sshServe.keys", target: { hosts: ["stage"] } }],
    });
    await fixAndProve(found.fix);
  });

  test("changed host key", async () => {
    await prod().sh(
      `echo "stage.test $(ssh-keygen -q -t ed25519 -N '' -f /tmp/k >/dev/null; cut -d' ' -f1,2 /tmp/k.pub)" > /etc/ssh/ssh_known_hosts`,
    );
    const found = await trouble();
    expect(found.kind).toBe("host-key-changed");
    await fixAndProve(found.fix);
  });

  test("the daemon of the server is down", async () => {
    const stage = fleet.host(SERVER);
    // root of stage can still build for the proof, the account that serves cannot open the store
    await stage.sh("pkill -x nix-daemon");
    const found = await trouble();
    await stage.sh("rm -f /nix/var/nix/daemon-socket/socket");
    const gone = await trouble();
    await activateOptions(stage, wizard.options);
    expect(found).toMatchObject({ kind: "daemon-down", fix: { kind: "command", host: "stage" } });
    expect(gone).toMatchObject({ kind: "daemon-down" });
  });

  test("the server refuses connections, and the name is unknown", async () => {
    const said = (text: string) =>
      diagnoseProof(facts, wizard.ports, { client: "prod", path: "", said: [text] }, never());
    const lines = (await prod().exec(["nix", "store", "ping", "--store", "ssh://nix-ssh@no-such.test"]))
      .stderr;
    expect(await said(lines)).toMatchObject({ kind: "name-unknown" });
    await fleet.host("web").sh("sed -i '1i Port 2222' /etc/ssh/sshd_config; kill -HUP 1; sleep 0.5");
    const closed = (await prod().exec(["nix", "store", "ping", "--store", "ssh://root@web.test"])).stderr;
    await fleet.host("web").sh("sed -i '/^Port 2222$/d' /etc/ssh/sshd_config; kill -HUP 1; sleep 0.5");
    expect(["refused", "host-key-unknown"]).toContain((await said(closed)).kind);
  });

  test("a path that was copied to the server and never signed", async () => {
    toy.setHosts({ stage: { serial: 41 } });
    const system = await toy.build(SERVER);
    await sendSystem(SERVER, system);
    const asking = wizard.findHost("prod");
    if (asking === undefined) throw new Error("no prod");
    const { test: asked } = await testOnHost(wizard.ports, asking, { url: cacheUrl(facts), path: system });
    expect(asked.result).toMatchObject({ trouble: "unsigned" });
    const absent = `/nix/store/${"0".repeat(32)}-absent`;
    const { test: none } = await testOnHost(wizard.ports, asking, { url: cacheUrl(facts), path: absent });
    expect(none.result).toMatchObject({ trouble: "absent" });
    const { test: present } = await testOnHost(wizard.ports, asking, {
      url: cacheUrl(facts),
      path: undefined,
    });
    expect(present.result).toEqual({ kind: "reachable" });
  });

  /** Sets one line of a host's nix.conf, as a mistake in its configuration would. */
  async function edit(host: Host, setting: string, value: string): Promise<void> {
    await host.sh(`sed -i 's|^${setting} =.*|${setting} = ${value}|' /etc/nix/nix.conf`);
  }
});

describe("rotation of the signing key", () => {
  const rotationStore = () =>
    new ProcedureStore<RotationFacts>({
      files: nodeFiles,
      memory: {
        get: key => wizard.memory.get(key),
        set: async (key, value) => void wizard.memory.set(key, value),
      },
      log: SILENT_LOG,
      folder: wizard.folder,
      kind: "rotation",
      readFacts: readRotationFacts,
    });
  const keep = (): Progress<RotationFacts> => ({
    ...wizard.progress(),
    save: state => rotationStore().save(state),
  });
  let oldKey: string;

  test("it stops while a host is away, goes on after a restart, and no path is ever refused on the way", async () => {
    const oldText = await fleet
      .host(SERVER)
      .sh("nix key convert-secret-to-public < /var/lib/nix-deploy/stage.test-1.secret");
    oldKey = oldText.trim();
    payloads.push(
      (await fleet.host(SERVER).sh("cut -d: -f2 /var/lib/nix-deploy/stage.test-1.secret")).trim(),
    );
    const start: Saved<RotationFacts> = {
      version: 1,
      kind: "rotation",
      id: "rotate-stage",
      startedAt: 1,
      facts: {
        oldKey,
        signer: SERVER,
        newName: nextKeyName("stage.test-1"),
        newFile: "/var/lib/nix-deploy/stage.test-2.secret",
        newKey: undefined,
        oldFile: undefined,
        served: [],
        clients: ["prod", "web"],
        trusting: [],
        retired: [],
        made: false,
        changed: {},
      },
      records: {},
    };
    const rotationPorts = { ...wizard.ports, confirm: async () => true };
    await fleet.host("web").link("down");
    const away = {
      ...rotationPorts,
      deploy: async (hosts: readonly string[]) =>
        wizard.ports.deploy(
          hosts.filter(name => name !== "web"),
          never(),
        ),
    };
    const stopped = await runProcedure(ROTATION_STEPS, start, away, keep());
    await fleet.host("web").link("up");
    expect(stopped.records["trustArrived"]).toMatchObject({
      outcome: "failed",
      note: expect.stringContaining("web"),
    });
    expect(stopped.facts.trusting).toEqual(["prod"]);

    const [kept] = await rotationStore().load();
    if (kept === undefined) throw new Error("nothing was kept");
    // between any two steps both clients must be able to fetch
    const proven: string[] = [];
    const watched = ROTATION_STEPS.map(step => ({
      ...step,
      run: async (...args: Parameters<typeof step.run>) => {
        const result = await step.run(...args);
        const facts = { ...startOf("prod").facts, clients: ["prod", "web"] };
        const proof = STAGING_STEPS.filter(each => each.id === "proof");
        const state = await runProcedure(
          proof,
          { ...startOf("prod"), facts },
          wizard.ports,
          wizard.progress(),
        );
        expect(state.records["proof"], step.id).toMatchObject({ outcome: "done" });
        proven.push(step.id);
        return result;
      },
    }));
    const end = await runProcedure(watched, kept, rotationPorts, keep());
    expect(isFinished(ROTATION_STEPS, end)).toBe(true);
    expect(proven).toEqual([
      "trustArrived",
      "switch",
      "switchArrived",
      "resign",
      "retire",
      "retireArrived",
      "oldSecret",
    ]);
    expect(end.facts.retired).toEqual(["prod", "web"]);
  }, 120_000);

  test("at the end only the new key signs and is trusted, also what the old one had signed", async () => {
    const stage = fleet.host(SERVER);
    const signed = await stage.sh("nix path-info --all --sigs");
    const lines = signed.split("\n").filter(line => line.includes("stage.test-1:"));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter(line => !line.includes("stage.test-2:"))).toEqual([]);
    expect((await stage.exec(["test", "-e", "/var/lib/nix-deploy/stage.test-1.secret"])).code).toBe(1);
    expect(await stage.sh("stat -c %a /var/lib/nix-deploy/stage.test-2.secret")).toBe("600");
    for (const name of ["prod", "web"]) {
      const conf = await fleet.host(name).sh("cat /etc/nix/nix.conf");
      expect(conf).toContain("stage.test-2:");
      expect(conf).not.toContain(oldKey);
    }
  });
});

describe("secrets", () => {
  test("the signing key is private on its host and nowhere else: no answer, log, file, repository or argument", async () => {
    const stage = fleet.host(SERVER);
    expect(await stage.sh("stat -c '%a %U' /var/lib/nix-deploy/stage.test-2.secret")).toBe("600 root");
    const key = await stage.sh("cat /var/lib/nix-deploy/stage.test-2.secret");
    const payload = key.split(":")[1]?.trim() ?? "";
    expect(payload).toHaveLength(88);
    const sshKeys = await Promise.all(
      ["prod", "web"].map(name => fleet.host(name).sh("sed -n 2p /root/.ssh/id_ed25519")),
    );
    const seen = (await Promise.all(watches.map(watch => watch.stop()))).join("\n");
    expect(seen).toContain("nix-store --serve");
    expect(payloads).toHaveLength(1);
    const secrets = [payload, ...payloads, ...sshKeys.map(text => text.trim())];
    for (const secret of secrets.flatMap(text => [text, text.slice(0, 40)])) {
      expect(secret.length).toBeGreaterThan(30);
      expect(seen).not.toContain(secret);
      expect(wizard.heard.filter(text => text.includes(secret))).toEqual([]);
      expect(filesBelow(wizard.folder).filter(file => readFileSync(file, "utf8").includes(secret))).toEqual(
        [],
      );
      const grep = spawnSync("git", ["-C", toy.folder, "grep", "-c", "-F", "-e", secret]);
      expect(grep.status).toBe(1);
    }
  });

  test("while a key is made and removed, no process shows it in its arguments", async () => {
    const stage = fleet.host(SERVER);
    const fresh = startOf("prod");
    const other = {
      ...fresh,
      facts: { ...fresh.facts, keyName: "watched-1", keyFile: "/var/lib/other/watched" },
    };
    wizard.options.apply([
      { kind: "set", target: { hosts: [SERVER] }, option: "nix.settings.secret-key-files", value: [] },
    ]);
    await activateOptions(stage, wizard.options);
    const watch = await watchArguments(stage);
    const first = STAGING_STEPS.filter(step => step.id === "signingKey");
    const state = await runProcedure(first, other, wizard.ports, wizard.progress());
    expect(state.facts.made).toHaveLength(1);
    const payload = (await stage.sh("cut -d: -f2 /var/lib/other/watched")).trim();
    const undone = await undoProcedure(first, state, wizard.ports, wizard.progress());
    expect(undone.records["signingKey"]?.outcome).toBe("undone");
    expect((await stage.exec(["test", "-e", "/var/lib/other/watched"])).code).toBe(1);
    const seen = await watch.stop();
    expect(seen).toContain("sh -s");
    expect(payload).toHaveLength(88);
    expect(seen).not.toContain(payload.slice(0, 40));
  });
});

describe("undoing", () => {
  test("everything that was made is removed, everything that was there stays, and the hosts are deployed without it", async () => {
    const [stage, prod] = [fleet.host(SERVER), fleet.host("prod")];
    wizard.options.forget();
    await prod.sh("rm -f /root/.ssh/id_ed25519 /root/.ssh/id_ed25519.pub; : > /root/.ssh/known_hosts");
    await wizard.ports.deploy([SERVER, "prod"], never());
    const start = startOf("prod");
    const file = "/var/lib/nix-deploy/undone.secret";
    const facts = { ...start.facts, keyName: "undone-1", keyFile: file };
    const changed = [{ path: "/w/flake.nix", after: "", replaced: [] }];
    const change: StagingPorts["change"] = async (message, operations) => {
      await wizard.ports.change(message, operations);
      return changed;
    };
    const end = await runProcedure(
      STAGING_STEPS,
      { ...start, facts },
      { ...wizard.ports, change },
      wizard.progress(),
    );
    expect(isFinished(STAGING_STEPS, end)).toBe(true);
    expect(end.facts.made.map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      "cacheKey stage",
      "sshKey prod",
    ]);

    await stage.sh("cp /var/lib/nix-deploy/undone.secret /root/backup");
    wizard.deployed.length = 0;
    const undone = await undoProcedure(STAGING_STEPS, end, wizard.ports, wizard.progress());
    expect(new Set(Object.values(outcomes(undone)))).toEqual(new Set(["undone"]));
    expect(undone.facts.made).toEqual([]);
    expect(undone.records["configuration"]?.note).toBe("Taken back on prod.");
    expect(wizard.deployed).toEqual(["prod", "stage"]);
    expect((await stage.exec(["test", "-e", file])).code).toBe(1);
    expect((await prod.exec(["test", "-e", "/root/.ssh/id_ed25519"])).code).toBe(1);
    expect((await stage.exec(["test", "-e", "/var/lib/nix-deploy/stage.test-2.secret"])).code).toBe(0);
    expect(await prod.sh("cat /etc/nix/nix.conf")).not.toContain("stage.test");
    expect(await stage.sh("cat /etc/nix/nix.conf")).not.toContain(file);
  });
});

function filesBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map(name => path.join(root, name))
    .filter(file => statSync(file).isFile());
}
