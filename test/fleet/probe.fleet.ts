// Asking real hosts over the extension's own SSH: what they say is compared with what the test sees by other means.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseConfig } from "../../client/src/config";
import { Emitter } from "../../client/src/events";
import { DriftTracking } from "../../client/src/hosts/driftTracking";
import { compareGenerations, switchGeneration } from "../../client/src/hosts/generationCommands";
import { type HostsApp, probeHosts } from "../../client/src/hosts/hostCommands";
import { hostState } from "../../client/src/hosts/hostState";
import { Probing } from "../../client/src/hosts/probing";
import { systemClock } from "../../client/src/ports/clock";
import { nodeFiles } from "../../client/src/ports/files";
import { SILENT_LOG } from "../../client/src/ports/log";
import { NodeProcesses } from "../../client/src/ports/nodeProcesses";
import { type Script, scriptedUi } from "../../client/src/ports/scriptedUi";
import { createSshPort } from "../../client/src/ports/ssh/sshPort";
import type { HostFacts } from "../../client/src/state/hostFacts";
import { Ledger } from "../../client/src/state/ledger";
import { ObservedStore } from "../../client/src/state/observedStore";
import { OpenDeployments } from "../../client/src/state/openDeployments";
import { RunningDeployments } from "../../client/src/state/runningDeployments";
import { fleetStoreOf } from "../harness/fleetStore";
import { fleetOf, hostOf } from "../harness/snapshots";
import { requireCommand, runCommand } from "./command";
import {
  acceptKeys,
  changeHostKey,
  closeSshPort,
  forgetHostKey,
  hideNix,
  openSshPort,
  refuseKeys,
  setActivationExit,
  showNix,
  trustHostKey,
} from "./faults";
import { type Fleet, type Host, startFleet } from "./fleet";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";

const HOSTS = ["stage", "prod", "web"] as const;

let fleet: Fleet;
let toy: ToyFlake;
let app: HostsApp;
let probing: Probing;
const folder = mkdtempSync(path.join(tmpdir(), "probe-fleet-"));
const systems: Record<string, string[]> = {};

async function createApp(): Promise<HostsApp> {
  const hosts = HOSTS.map(name =>
    hostOf({
      name,
      hostname: `${name}.test`,
      sshUser: "root",
      root: toy.folder,
      path: `${toy.folder}/flake.nix`,
    }),
  );
  const { store } = await fleetStoreOf(fleetOf(hosts));
  const never = new Emitter<never>().event;
  const config = { read: () => parseConfig(() => undefined), onDidChange: never };
  return {
    log: SILENT_LOG,
    ui: scriptedUi().ui,
    config,
    ports: {
      processes: new NodeProcesses(systemClock),
      files: nodeFiles,
      clock: systemClock,
      ssh: createSshPort({ settings: () => config.read().ssh, askPassphrase: async () => undefined }),
    },
    workspace: { trusted: true, folders: [], onDidChange: never, setContext: () => undefined },
    state: {
      fleet: store,
      observed: new ObservedStore(),
      deployments: new RunningDeployments(),
      ledger: new Ledger(nodeFiles, path.join(folder, "ledger.jsonl")),
      open: new OpenDeployments(nodeFiles, path.join(folder, "open")),
    },
  };
}

async function deployTwice(name: string): Promise<void> {
  systems[name] = [];
  for (const serial of [1, 2]) {
    toy.setHosts({ stage: { serial }, prod: { serial, payloadMb: serial }, web: { serial } });
    const system = await toy.build(name);
    await sendSystem(name, system);
    await activate(name, system);
    systems[name]?.push(system);
  }
}

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
  await requireCommand([
    "git",
    "-C",
    toy.folder,
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@t",
    "commit",
    "-qm",
    "first",
  ]);
  for (const name of HOSTS) await deployTwice(name);
  app = await createApp();
  probing = new Probing(app);
});

afterAll(async () => {
  probing.dispose();
  toy.remove();
  await fleet.stop();
  rmSync(folder, { recursive: true });
});

const host = (name: string): Host => fleet.host(name);
const ask = (...names: string[]) => probing.ask(names, { signal: new AbortController().signal });
const answer = (name: string) => app.state.observed.get(name)?.answer;
const whyDown = (name: string): string => {
  const said = answer(name);
  return said?.kind === "failed" ? `${said.cause}: ${said.why}` : "it answered";
};

function facts(name: string): HostFacts {
  const told = app.state.observed.get(name)?.told;
  if (told === undefined) throw new Error(`${name} told nothing: ${whyDown(name)}`);
  return told.facts;
}

/** Does something as a user who answers as scripted, and gives what was said. */
async function as(script: Script, act: (user: HostsApp) => Promise<void>) {
  const user = scriptedUi(script);
  let refused: unknown;
  try {
    await act({ ...app, ui: user.ui });
  } catch (error) {
    refused = error;
  }
  return { ...user, refused: refused instanceof Error ? refused.message : undefined };
}

test("what hosts say is what they are, with Nix 2.26 and 2.8", async () => {
  await ask(...HOSTS);
  for (const name of HOSTS) {
    const said = facts(name);
    const sh = (text: string) =>
      host(name)
        .sh(text)
        .then(output => output.trim());
    expect(said.hostName).toBe(name);
    expect(said.system).toBe("nixos");
    expect(said.truncated).toBe(false);
    expect(said.login).toMatchObject({ user: "root", isRoot: true });
    expect(said.currentSystem).toBe(await host(name).currentSystem());
    expect(said.profileSystem).toBe(systems[name]?.[1]);
    expect(said.profileGeneration).toBe(2);
    expect(said.generations.map(({ number, storePath }) => [number, storePath])).toEqual([
      [2, systems[name]?.[1]],
      [1, systems[name]?.[0]],
    ]);
    expect(said.generations.map(({ version, kernel }) => [version, kernel])).toEqual([
      ["24.11.20241121.2", "6.6.60"],
      ["24.11.20241121.1", "6.6.60"],
    ]);
    expect(said.nixosVersion).toBe("24.11.20241121.2");
    expect(said.kernel).toBe(await sh("uname -r"));
    expect(said.nixVersion).toBe((await sh("nix-store --version")).split(" ").at(-1));
    expect(Math.abs(said.clock - Date.now() / 1000)).toBeLessThan(10);
    expect(said.hostPublicKey).toBe(await sh("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub"));
    expect(said.settings?.substituters.join(" ")).toBe(
      await sh(
        "nix --extra-experimental-features nix-command show-config 2>/dev/null | sed -n 's/^substituters = //p'",
      ),
    );
    const [, total] = (await sh("df -Pk /nix/store | tail -n 1")).split(/\s+/);
    expect(said.storeSpace?.total).toBe(Number(total) * 1024);
  }
  expect(facts("stage").nixVersion).toMatch(/^2\.26/);
  expect(facts("web").nixVersion).toMatch(/^2\.8/);
});

test("asking changes nothing on a host", async () => {
  // the journal of Nix' database is touched by whoever reads it
  const state =
    "cd /; find nix/var/nix root etc boot -newer /tmp/before -not -name 'db.sqlite-*' | sort; ls /tmp";
  await host("prod").sh("touch /tmp/before; sleep 1.1");
  const before = await host("prod").sh(state);
  await ask("prod");
  expect(await host("prod").sh(state)).toBe(before);
});

test("a host that goes down is seen to be down, keeps what it told, and is seen to come back", async () => {
  await host("web").off();
  await ask("web");
  expect(whyDown("web")).toMatch(/^(timeout|unreachable): /);
  const known = app.state.fleet.findHost("web");
  if (known === undefined) throw new Error("no host web");
  const seen = () =>
    hostState({
      host: known,
      observation: app.state.observed.get("web"),
      running: undefined,
      drift: undefined,
    });
  expect(seen().kind).toBe("down");
  expect(facts("web").profileGeneration).toBe(2);
  await host("web").boot();
  await ask("web");
  expect(seen().kind).not.toBe("down");
});

test("each reason not to answer is named by itself", async () => {
  const prod = host("prod");
  await closeSshPort(prod);
  await ask("prod");
  expect(whyDown("prod")).toMatch(/^unreachable: .*refuses connections/);
  await openSshPort(prod);
  await refuseKeys(prod);
  await ask("prod");
  expect(whyDown("prod")).toMatch(/^auth: .*refuses the login as root/);
  await acceptKeys(prod);
  await changeHostKey(prod);
  await ask("prod");
  expect(whyDown("prod")).toMatch(/^hostKey: .*has changed.*known_hosts, line \d+/);
  await trustHostKey(prod);
  await ask("prod");
  expect(answer("prod")?.kind).toBe("reached");
});

test("an unknown host key is shown, accepted, and the host answers; a changed one is refused", async () => {
  const prod = host("prod");
  forgetHostKey(prod);
  const declined = await as({ confirms: [false] }, user => probeHosts(user, probing, ["prod"]));
  expect(whyDown("prod")).toMatch(/^hostKey: /);
  const print = (await prod.sh("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1] ?? "?";
  expect(declined.said.join("\n")).toContain(print);
  await as({ confirms: [true] }, user => probeHosts(user, probing, ["prod"]));
  expect(answer("prod")?.kind).toBe("reached");
  // OpenSSH believes the line that was written
  expect((await runCommand(["ssh", "root@prod.test", "true"])).code).toBe(0);

  await changeHostKey(prod);
  const refused = await as({ confirms: [true] }, user => probeHosts(user, probing, ["prod"]));
  expect(refused.refused).toContain("has changed");
  expect(refused.said.join("\n")).not.toContain("confirm");
  await trustHostKey(prod);
  await ask("prod");
});

test("of 10,000 generations the newest are told, soon and in order", async () => {
  const stage = host("stage");
  await stage.sh(`perl -e '
    $path = readlink "/nix/var/nix/profiles/system-2-link";
    symlink $path, "/nix/var/nix/profiles/system-$_-link" for 3 .. 10000;'`);
  const begin = performance.now();
  await ask("stage");
  expect(performance.now() - begin).toBeLessThan(10_000);
  const said = facts("stage");
  expect(said.generationCount).toBe(10_000);
  expect(said.generations.map(({ number }) => number)).toEqual(
    Array.from({ length: 100 }, (_, index) => 10_000 - index),
  );
  expect(said.truncated).toBe(false);
  await stage.sh(`perl -e 'unlink "/nix/var/nix/profiles/system-$_-link" for 3 .. 10000;'`);
});

test("hosts try their caches without writing anything", async () => {
  for (const name of ["stage", "web"]) {
    await host(name).sh("mkdir -p /root/cache; echo 'StoreDir: /nix/store' > /root/cache/nix-cache-info");
    const substituters = [
      "file:///root/cache?priority=5",
      "file:///root/none",
      "ssh://root@prod.test",
      "http://127.0.0.1:1",
    ];
    const known = app.state.fleet.findHost(name);
    if (known === undefined) throw new Error(`no host ${name}`);
    const store = (await fleetStoreOf(fleetOf([{ ...known, substituters }]))).store;
    const asking = new Probing({ ...app, state: { ...app.state, fleet: store } });
    await asking.ask([name], { signal: new AbortController().signal });
    asking.dispose();
    const caches = app.state.observed.get(name)?.told?.caches ?? [];
    const found = new Map(caches.map(cache => [cache.url, cache.reached ? "reached" : cache.why]));
    expect(found.get("file:///root/cache?priority=5")).toBe("reached");
    expect(found.get("file:///root/none")).toBe("there is no nix-cache-info");
    expect(found.get("ssh://root@prod.test")).toMatch(/prod\.test|Host key|Permission denied/);
    expect(found.get("http://127.0.0.1:1")).toMatch(/refused|onnect|127\.0\.0\.1/);
    expect((await host(name).exec(["test", "-e", "/root/none"])).code).toBe(1);
  }
});

test("a host without Nix says so", async () => {
  await hideNix(host("stage"));
  await ask("stage");
  expect(facts("stage").nixVersion).toBeUndefined();
  await showNix(host("stage"));
  await ask("stage");
});

test("two generations are compared by package and size", async () => {
  for (const name of ["prod", "web"]) {
    const subjects = [1, 2].map(number => ({ kind: "generation", host: name, number }) as const);
    const { documents, refused } = await as({}, user => compareGenerations(user, probing, subjects));
    expect(refused).toBeUndefined();
    const text = documents[0]?.text ?? "";
    const rows = text.split("\n").map(line => line.replace(/ +/g, " "));
    expect(rows).toContain(`# ${name}: generation 1 → 2`);
    expect(rows).toContain(
      `| payload-${name} | no version | no version | ${name === "prod" ? "+1.0 MB" : "0 B"} |`,
    );
    expect(rows).toContain(`| nixos-system-${name} | 24.11.20241121.1 | 24.11.20241121.2 | 0 B |`);
    expect(text).not.toContain("| linux");
  }
});

test("a revert asks, changes the host, is verified and remembered", async () => {
  for (const name of ["prod", "web"]) {
    const subject = { kind: "generation", host: name, number: 1 } as const;
    await ask(name);
    const declined = await as({ confirms: [false] }, user => switchGeneration(user, probing, [subject]));
    expect(declined.said.join("\n")).toContain(`Revert ${name} to generation 1?`);
    expect(await host(name).currentSystem()).toBe(systems[name]?.[1]);

    const { said, refused } = await as({ confirms: [true] }, user =>
      switchGeneration(user, probing, [subject]),
    );
    expect(refused).toBeUndefined();
    expect(said).toContain(`info: ${name}: the host runs generation 1`);
    expect(await host(name).currentSystem()).toBe(systems[name]?.[0]);
    expect(await host(name).generations()).toEqual([
      { number: 1, current: true },
      { number: 2, current: false },
    ]);
    expect(facts(name).currentSystem).toBe(systems[name]?.[0]);
    expect(await host(name).sh("ls /tmp | grep -c '^tmp\\.' || true")).toBe("0");
  }
  const { entries } = await app.state.ledger.load();
  expect(entries[0]).toMatchObject({
    host: "web",
    action: "revert",
    outcome: "landed",
    previousSystem: systems["web"]?.[1],
    newSystem: systems["web"]?.[0],
  });
});

test("a revert whose activation has problems has landed, and says so", async () => {
  await setActivationExit(host("prod"), 4);
  const subject = { kind: "generation", host: "prod", number: 2 } as const;
  const { said } = await as({ confirms: [true] }, user => switchGeneration(user, probing, [subject]));
  await setActivationExit(host("prod"), 0);
  expect(said.at(-1)).toMatch(/^warning: prod: the host runs generation 2 \(exit code 4/);
});

test("a host that somebody else has locked is left alone; our own lock does not stay", async () => {
  const prod = host("prod");
  expect(await prod.sh("ls -d /run/nix-deploy.lock 2>/dev/null || true")).toBe("");
  await prod.sh(
    "mkdir /run/nix-deploy.lock; printf '%s\\n' token 1 ada@desk 'deploy (direct)' > /run/nix-deploy.lock/info",
  );
  const before = await prod.currentSystem();
  const subject = { kind: "generation", host: "prod", number: 1 } as const;
  const { said } = await as({ confirms: [true] }, user => switchGeneration(user, probing, [subject]));
  expect(said.at(-1)).toBe("error: prod: the host is locked by ada@desk: deploy (direct)");
  expect(await prod.currentSystem()).toBe(before);
  await prod.sh("rm -r /run/nix-deploy.lock");
});

test("a generation that is no longer what was shown is left alone", async () => {
  const prod = host("prod");
  await ask("prod");
  const before = await prod.currentSystem();
  await prod.sh(`ln -sfn ${systems["prod"]?.[1]} /nix/var/nix/profiles/system-1-link`);
  const subject = { kind: "generation", host: "prod", number: 1 } as const;
  const { said } = await as({ confirms: [true] }, user => switchGeneration(user, probing, [subject]));
  expect(said.at(-1)).toMatch(
    /^error: prod: the host runs the same system as before \(exit code 91: generation 1 is now/,
  );
  expect(await prod.currentSystem()).toBe(before);
  await prod.sh(`ln -sfn ${systems["prod"]?.[0]} /nix/var/nix/profiles/system-1-link`);
});

test("a revert goes on when the connection is lost in the middle, and is told as what it became", async () => {
  toy.setHosts({ stage: { serial: 7, activationSeconds: 3 }, prod: { serial: 1 }, web: { serial: 1 } });
  const slow = await toy.build("stage");
  await sendSystem("stage", slow);
  await ask("stage");
  const stage = host("stage");
  const subject = { kind: "generation", host: "stage", number: 3 } as const;
  await stage.sh("nix-env -p /nix/var/nix/profiles/system --switch-generation 2");
  await ask("stage");
  const reverting = as({ confirms: [true] }, user => switchGeneration(user, probing, [subject]));
  await stage.sh(
    "until pgrep -f 'switch-to-configuration switch' >/dev/null; do sleep 0.05; done; sleep 0.3",
  );
  await stage.exec(["pkill", "-f", "sshd.*: root@notty"]);
  const { said } = await reverting;
  expect(said.at(-1)).toMatch(
    /^error: stage: .*\(the connection to stage\.test broke while the switch ran\)/,
  );
  await expect.poll(() => stage.currentSystem(), { timeout: 10_000 }).toBe(slow);
  await ask("stage");
  expect(facts("stage").currentSystem).toBe(slow);
});

test("the ledger tells which commit a host runs, and Git how far that is from the repository's", async () => {
  const git = (...args: string[]) =>
    requireCommand(["git", "-C", toy.folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args]);
  await git("commit", "-qam", "deployed");
  const commit = await git("rev-parse", "HEAD");
  const drifts = new DriftTracking(app);
  await ask("web");
  await drifts.refresh();
  expect(drifts.get("web")).toEqual({ kind: "unknown" });
  await app.state.ledger.append({
    version: 1,
    id: "d",
    run: "d",
    at: new Date().toISOString(),
    who: "t",
    host: "web",
    action: "deploy",
    tool: "direct",
    root: toy.folder,
    commit,
    dirty: false,
    previousSystem: null,
    newSystem: facts("web").currentSystem ?? null,
    outcome: "landed",
    why: "",
    cancelled: false,
    clean: true,
    phases: [],
  });
  await drifts.refresh();
  expect(drifts.get("web")).toEqual({ kind: "same", commit });
  toy.setHosts({ web: { serial: 50 } });
  await drifts.refresh();
  expect(drifts.get("web")).toEqual({ kind: "edited", commit, where: "here" });
  await git("commit", "-qam", "next");
  await drifts.refresh();
  expect(drifts.get("web")).toEqual({ kind: "behind", running: commit, commits: 1 });
  await git("checkout", "-q", "--orphan", "other");
  await git("commit", "-qm", "other");
  await drifts.refresh();
  expect(drifts.get("web")).toMatchObject({ kind: "ahead", distance: { ahead: 2, behind: 1 } });
  drifts.dispose();
});
