// Preflight against real hosts, each with something that would make a deployment fail: every check says what the host says.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseConfig } from "../../client/src/config";
import type { CheckId } from "../../client/src/deploy/preflight/check";
import { checkAll } from "../../client/src/deploy/preflight/preflight";
import { Emitter } from "../../client/src/events";
import { Probing } from "../../client/src/hosts/probing";
import { systemClock } from "../../client/src/ports/clock";
import { nodeFiles } from "../../client/src/ports/files";
import { SILENT_LOG } from "../../client/src/ports/log";
import { NodeProcesses } from "../../client/src/ports/nodeProcesses";
import { createSshPort } from "../../client/src/ports/ssh/sshPort";
import { Ledger } from "../../client/src/state/ledger";
import { ObservedStore } from "../../client/src/state/observedStore";
import { OpenDeployments } from "../../client/src/state/openDeployments";
import { RunningDeployments } from "../../client/src/state/runningDeployments";
import { fleetStoreOf } from "../harness/fleetStore";
import { fleetOf, hostOf } from "../harness/snapshots";
import { acceptKeys, forgetHostKey, refuseKeys, restartNixDaemon, trustHostKey } from "./faults";
import { type Fleet, startFleet } from "./fleet";
import { activate, copyToy, sendSystem, type ToyFlake } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let probing: Probing;
let app: Awaited<ReturnType<typeof createApp>>;
const folder = mkdtempSync(path.join(tmpdir(), "preflight-"));

async function createApp() {
  const hosts = [
    hostOf({ name: "prod", hostname: "prod.test", sshUser: "root" }),
    hostOf({ name: "web", hostname: "web.test", sshUser: "root" }),
    hostOf({ name: "deployer", hostname: "prod.test", sshUser: "deployer" }),
    hostOf({ name: "nowhere", hostname: "nowhere.invalid", sshUser: "root" }),
  ];
  const { store } = await fleetStoreOf(fleetOf(hosts));
  const never = new Emitter<never>().event;
  const config = { read: () => parseConfig(() => undefined), onDidChange: never };
  return {
    log: SILENT_LOG,
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

async function checks(host: string) {
  const since = systemClock.now();
  const { signal } = new AbortController();
  await probing.ask([host], { signal });
  const [found] = await checkAll(app, [host], since, signal);
  const byId = new Map(found?.checks.map(check => [check.id, check]));
  return (id: CheckId) => byId.get(id);
}

beforeAll(async () => {
  fleet = await startFleet("prod", "web:bookworm");
  toy = await copyToy();
  const system = await toy.build("prod");
  await sendSystem("prod", system);
  await activate("prod", system);
  await fleet.host("prod").sh(`
    useradd --create-home --shell /bin/sh --password "*" deployer
    mkdir -p /home/deployer/.ssh && cp /root/.ssh/authorized_keys /home/deployer/.ssh/
    chown -R deployer /home/deployer/.ssh`);
  app = await createApp();
  probing = new Probing(app);
});

afterAll(async () => {
  probing?.dispose();
  toy?.remove();
  await fleet?.stop();
  rmSync(folder, { recursive: true });
});

test("a host that is well passes every check that it can be asked", async () => {
  const check = await checks("prod");
  for (const id of ["address", "hostKey", "login", "sudo", "push", "rollback", "lock"] as const)
    expect(check(id)).toMatchObject({ id, state: "ok" });
  expect(check("space")?.text).toMatch(/free, the running system is 1\.\d MB$/);
});

test("a host without a generation has nothing to go back to", async () => {
  expect((await checks("web"))("rollback")).toMatchObject({ state: "warning" });
});

test("a user that is not trusted may not push; trusting it or its group makes it well", async () => {
  const check = await checks("deployer");
  expect(check("push")).toMatchObject({
    state: "failed",
    fix: { kind: "edit", operations: [{ option: "nix.settings.trusted-users", items: ["deployer"] }] },
  });
  expect(check("sudo")).toMatchObject({ state: "failed" });
  const prod = fleet.host("prod");
  await prod.sh(
    "cp /etc/nix/nix.conf /etc/nix/nix.conf.before; echo 'trusted-users = root @deployer' >> /etc/nix/nix.conf",
  );
  await restartNixDaemon(prod);
  expect((await checks("deployer"))("push")).toMatchObject({
    state: "ok",
    text: "deployer is trusted (@deployer)",
  });
  await prod.sh("mv /etc/nix/nix.conf.before /etc/nix/nix.conf");
  await restartNixDaemon(prod);
});

test("what stops a connection is told where it stops, and the rest is not guessed", async () => {
  const nowhere = await checks("nowhere");
  expect(nowhere("address")).toMatchObject({ state: "failed" });
  expect(nowhere("push")).toMatchObject({ state: "unknown", text: "not reached" });
  const web = fleet.host("web");
  forgetHostKey(web);
  expect((await checks("web"))("hostKey")).toMatchObject({
    state: "failed",
    fix: { kind: "command", id: "nixDeploy.acceptHostKey" },
  });
  await trustHostKey(web);
  await refuseKeys(web);
  const refused = await checks("web");
  expect([refused("hostKey")?.state, refused("login")?.state]).toEqual(["ok", "failed"]);
  expect(refused("login")?.fix).toMatchObject({ kind: "terminal", text: "ssh-copy-id root@web.test" });
  await acceptKeys(web);
});

test("a lock says who holds it", async () => {
  const prod = fleet.host("prod");
  await prod.sh(
    "mkdir /run/nix-deploy.lock; printf '%s\\n' t $(date +%s) ada@laptop 'deploy (direct)' > /run/nix-deploy.lock/info",
  );
  expect((await checks("prod"))("lock")).toMatchObject({
    state: "failed",
    text: "held by ada@laptop: deploy (direct)",
  });
  await prod.sh("rm -r /run/nix-deploy.lock");
});
