// The staging cache on real hosts: the wizard's own steps turn `stage` into the cache of `prod` and prove it; then each
// failure of such a cache is made on purpose, and must be named with the fix that is right. Only the deploy is the test's
// own, because toy hosts have no NixOS modules.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextKeyName, type RotationFacts, readRotationFacts } from "../../client/src/keys/rotationFacts";
import { ROTATION_STEPS } from "../../client/src/keys/rotationSteps";
import { systemClock } from "../../client/src/ports/clock";
import { nodeFiles } from "../../client/src/ports/files";
import { createLog, SILENT_LOG } from "../../client/src/ports/log";
import { createSshPort, type SshPort } from "../../client/src/ports/ssh/sshPort";
import {
  isFinished,
  type Progress,
  runProcedure,
  type Saved,
  undoProcedure,
} from "../../client/src/procedure/procedure";
import { ProcedureStore } from "../../client/src/procedure/procedureStore";
import { createHostShell } from "../../client/src/remote/hostShell";
import { cacheUrl, readStagingFacts, type StagingFacts } from "../../client/src/staging/facts";
import { diagnoseProof } from "../../client/src/staging/proofTrouble";
import { proofOnClientScript, proofOnServerScript } from "../../client/src/staging/scripts";
import { STAGING_STEPS, type StagingPorts } from "../../client/src/staging/steps";
import type { CacheFix } from "../../client/src/stores/explain";
import { testOnHost } from "../../client/src/stores/testOnHost";
import { fleetOf, hostOf } from "../harness/snapshots";
import { type Fleet, type Host, startFleet } from "./fleet";
import { activateOptions, OptionsByHost } from "./nixosOptions";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";

const SERVER = "stage";
let fleet: Fleet;
let toy: ToyFlake;
let ports: StagingPorts;
let folder: string;
const options = new OptionsByHost();
const deployed: string[] = [];
/** Everything that left for hosts, came back, was logged or kept: no secret may be in it. */
const heard: string[] = [];

const snapshot = fleetOf(
  ["stage", "prod", "web"].map(name => hostOf({ name, hostname: `${name}.test`, sshUser: "root" })),
);
const findHost = (name: string) => snapshot.hosts.find(host => host.name === name);
const never = () => new AbortController().signal;

function listening(ssh: SshPort): SshPort {
  return {
    ...ssh,
    async run(target, script, runOptions) {
      const outcome = await ssh.run(target, script, runOptions);
      heard.push(script.text, ...(script.args ?? []), JSON.stringify(outcome));
      return outcome;
    },
  };
}

function startOf(client: string): Saved<StagingFacts> {
  const facts: StagingFacts = {
    server: SERVER,
    clients: [client],
    transport: "ssh",
    address: "stage.test",
    keyName: "stage.test-1",
    keyFile: "/var/lib/nix-deploy/stage.test-1.secret",
    openFirewall: false,
    publicKey: undefined,
    hostPublicKey: undefined,
    clientKeys: {},
    made: [],
    changed: [],
  };
  return { version: 1, kind: "staging", id: `for-${client}`, startedAt: 1, facts, records: {} };
}

const memory = new Map<string, unknown>();
const store = () =>
  new ProcedureStore<StagingFacts>({
    files: nodeFiles,
    memory: { get: key => memory.get(key), set: async (key, value) => void memory.set(key, value) },
    log: createLog(
      (_, line) => heard.push(line),
      () => undefined,
    ),
    folder,
    kind: "staging",
    readFacts: readStagingFacts,
  });

const progress = (signal = never()): Progress<StagingFacts> => ({
  save: state => store().save(state),
  report: step => heard.push(step),
  now: () => Date.now(),
  signal,
});

const outcomes = (state: Saved<StagingFacts>) =>
  Object.fromEntries(Object.entries(state.records).map(([id, { outcome }]) => [id, outcome]));

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
  folder = mkdtempSync(path.join(tmpdir(), "staging-"));
  const ssh = createSshPort({
    settings: () => ({ configFile: undefined, concurrency: 8 }),
    askPassphrase: async () => undefined,
  });
  ports = {
    shell: createHostShell(listening(ssh)),
    clock: systemClock,
    findHost,
    async change(_message, operations) {
      heard.push(JSON.stringify(operations));
      options.apply(operations);
      return [];
    },
    undoChange: async () => options.forget(),
    async deploy(hosts) {
      for (const name of hosts) {
        deployed.push(name);
        await activateOptions(fleet.host(name), options);
      }
    },
  };
});

afterAll(async () => {
  toy?.remove();
  await fleet?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the wizard", () => {
  test("a server that cannot be reached stops it at the first step, and nothing was changed", async () => {
    await fleet.host(SERVER).link("down");
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), ports, progress());
    await fleet.host(SERVER).link("up");
    expect(outcomes(state)).toEqual({ signingKey: "failed" });
    expect(state.records["signingKey"]?.note).toContain("stage");
    expect(deployed).toEqual([]);
  });

  test("it goes on where it stopped after a restart, and ends in the proof", async () => {
    // what stage runs came from elsewhere, so its own key has not signed it
    const system = await toy.build(SERVER);
    await sendSystem(SERVER, system);
    await activate(SERVER, system);
    const [saved] = await store().load();
    if (saved === undefined) throw new Error("nothing was kept");
    const state = await runProcedure(STAGING_STEPS, saved, ports, progress());
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
    expect(deployed).toEqual(["stage", "prod"]);
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
    deployed.length = 0;
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), ports, progress());
    expect(isFinished(STAGING_STEPS, state)).toBe(true);
    expect(state.facts.made).toEqual([]);
    expect(deployed).toEqual([]);
    expect(await stageKey()).toBe(before);
  });

  test("a client with Nix 2.8 joins, and the server keeps the one it has", async () => {
    const state = await runProcedure(STAGING_STEPS, startOf("web"), ports, progress());
    expect(state.records["proof"]).toMatchObject({ outcome: "done" });
    expect(options.list(SERVER, "nix.sshServe.keys")).toHaveLength(2);
  });
});

const stageKey = () => fleet.host(SERVER).sh("cat /var/lib/nix-deploy/stage.test-1.secret");

describe("what can go wrong, by name and with the fix", () => {
  let facts: StagingFacts;

  beforeAll(async () => {
    const state = await runProcedure(STAGING_STEPS, startOf("prod"), ports, progress());
    facts = state.facts;
  });

  /** What the proof on prod would say now. */
  async function trouble(client = "prod"): Promise<{ kind: string; fix: CacheFix; title: string }> {
    const nonce = Math.random().toString(36).slice(2);
    const [server, asking] = [findHost(SERVER), findHost(client)];
    if (server === undefined || asking === undefined) throw new Error("no such host");
    const built = await ports.shell.asRoot(server, proofOnServerScript(nonce));
    const proofPath = built.kind === "told" ? (built.answers.one("path") ?? "") : "";
    expect(proofPath).toContain("/nix/store/");
    const fetched = await ports.shell.asRoot(asking, proofOnClientScript(proofPath, nonce));
    if (fetched.kind !== "told") throw new Error(fetched.why);
    expect(fetched.answers.one("fetched")).toBeUndefined();
    const said = fetched.answers.all("err");
    const { kind, explanation } = await diagnoseProof(
      facts,
      ports,
      { client, path: proofPath, said },
      never(),
    );
    return { kind, ...explanation };
  }

  /** Does what the fix says and sees that prod fetches again. */
  async function fixAndProve(fix: CacheFix): Promise<void> {
    if (fix.kind !== "edit") throw new Error(`not an edit: ${fix.title}`);
    options.apply(fix.operations);
    const hosts = fix.operations.flatMap(({ target }) => ("hosts" in target ? target.hosts : []));
    await ports.deploy([...new Set(hosts)], never());
    const proof = STAGING_STEPS.filter(step => step.id === "proof");
    const state = await runProcedure(proof, { ...startOf("prod"), facts }, ports, progress());
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
    await activateOptions(stage, options);
    expect(found).toMatchObject({ kind: "daemon-down", fix: { kind: "command", host: "stage" } });
    expect(gone).toMatchObject({ kind: "daemon-down" });
  });

  test("the server refuses connections, and the name is unknown", async () => {
    const said = (text: string) =>
      diagnoseProof(facts, ports, { client: "prod", path: "", said: [text] }, never());
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
    const asking = findHost("prod");
    if (asking === undefined) throw new Error("no prod");
    const { test: asked } = await testOnHost(ports, asking, { url: cacheUrl(facts), path: system });
    expect(asked.result).toMatchObject({ trouble: "unsigned" });
    const absent = `/nix/store/${"0".repeat(32)}-absent`;
    const { test: none } = await testOnHost(ports, asking, { url: cacheUrl(facts), path: absent });
    expect(none.result).toMatchObject({ trouble: "absent" });
    const { test: present } = await testOnHost(ports, asking, { url: cacheUrl(facts), path: undefined });
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
      memory: { get: key => memory.get(key), set: async (key, value) => void memory.set(key, value) },
      log: SILENT_LOG,
      folder,
      kind: "rotation",
      readFacts: readRotationFacts,
    });
  const keep: Progress<RotationFacts> = { ...progress(), save: state => rotationStore().save(state) };
  let oldKey: string;

  test("it stops while a host is away, goes on after a restart, and no path is ever refused on the way", async () => {
    const oldText = await fleet
      .host(SERVER)
      .sh("nix key convert-secret-to-public < /var/lib/nix-deploy/stage.test-1.secret");
    oldKey = oldText.trim();
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
        clients: ["prod", "web"],
        trusting: [],
        retired: [],
        made: false,
        changed: {},
      },
      records: {},
    };
    const rotationPorts = { ...ports, confirm: async () => true };
    await fleet.host("web").link("down");
    const away = {
      ...rotationPorts,
      deploy: async (hosts: readonly string[]) =>
        ports.deploy(
          hosts.filter(name => name !== "web"),
          never(),
        ),
    };
    const stopped = await runProcedure(ROTATION_STEPS, start, away, keep);
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
        const state = await runProcedure(proof, { ...startOf("prod"), facts }, ports, progress());
        expect(state.records["proof"], step.id).toMatchObject({ outcome: "done" });
        proven.push(step.id);
        return result;
      },
    }));
    const end = await runProcedure(watched, kept, rotationPorts, keep);
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

  test("at the end only the new key signs and is trusted", async () => {
    const stage = fleet.host(SERVER);
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
    const sshKey = (await fleet.host("web").sh("sed -n 2p /root/.ssh/id_ed25519")).trim();
    for (const secret of [payload, payload.slice(0, 40), sshKey]) {
      expect(heard.filter(text => text.includes(secret))).toEqual([]);
      expect(filesBelow(folder).filter(file => readFileSync(file, "utf8").includes(secret))).toEqual([]);
      const grep = spawnSync("git", ["-C", toy.folder, "grep", "-c", "-F", "-e", secret]);
      expect(grep.status).toBe(1);
    }
  });

  test("while the key is made, no process shows it in its arguments", async () => {
    const stage = fleet.host(SERVER);
    await stage.sh(`
      cat > /root/watch.sh <<'EOC'
while [ ! -e /root/stop ]; do for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <"$f" 2>/dev/null; echo; done; done > /root/seen
EOC
      rm -f /root/stop; setsid sh /root/watch.sh >/dev/null 2>&1 </dev/null &`);
    const fresh = startOf("prod");
    const other = {
      ...fresh,
      facts: { ...fresh.facts, keyName: "watched-1", keyFile: "/var/lib/other/watched" },
    };
    options.apply([
      { kind: "set", target: { hosts: [SERVER] }, option: "nix.settings.secret-key-files", value: [] },
    ]);
    await activateOptions(stage, options);
    const first = STAGING_STEPS.filter(step => step.id === "signingKey");
    const state = await runProcedure(first, other, ports, progress());
    expect(state.facts.made).toHaveLength(1);
    await stage.sh("touch /root/stop; sleep 0.3");
    const payload = (await stage.sh("cut -d: -f2 /var/lib/other/watched")).trim();
    const seen = await stage.sh("cat /root/seen");
    expect(seen).toContain("sh -s");
    expect(seen).not.toContain(payload.slice(0, 40));
    const undone = await undoProcedure(first, state, ports, progress());
    expect(undone.records["signingKey"]?.outcome).toBe("undone");
    expect((await stage.exec(["test", "-e", "/var/lib/other/watched"])).code).toBe(1);
  });
});

describe("undoing", () => {
  test("everything that was made is removed, everything that was there stays, and the hosts are deployed without it", async () => {
    const [stage, prod] = [fleet.host(SERVER), fleet.host("prod")];
    options.forget();
    await prod.sh("rm -f /root/.ssh/id_ed25519 /root/.ssh/id_ed25519.pub; : > /root/.ssh/known_hosts");
    await ports.deploy([SERVER, "prod"], never());
    const start = startOf("prod");
    const file = "/var/lib/nix-deploy/undone.secret";
    const facts = { ...start.facts, keyName: "undone-1", keyFile: file };
    const changed = [{ path: "/w/flake.nix", after: "", replaced: [] }];
    const change: StagingPorts["change"] = async (message, operations) => {
      await ports.change(message, operations);
      return changed;
    };
    const end = await runProcedure(STAGING_STEPS, { ...start, facts }, { ...ports, change }, progress());
    expect(isFinished(STAGING_STEPS, end)).toBe(true);
    expect(end.facts.made.map(({ kind, host }) => `${kind} ${host}`)).toEqual([
      "cacheKey stage",
      "sshKey prod",
    ]);

    await stage.sh("cp /var/lib/nix-deploy/undone.secret /root/backup");
    deployed.length = 0;
    const undone = await undoProcedure(STAGING_STEPS, end, ports, progress());
    expect(new Set(Object.values(outcomes(undone)))).toEqual(new Set(["undone"]));
    expect(undone.facts.made).toEqual([]);
    expect(deployed).toEqual(["prod", "stage"]);
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
