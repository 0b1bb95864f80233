// Review and lock on real hosts: what a review says is what the hosts and their stores say, and two operators never change a
// host at once.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runDefinition } from "../../client/src/deploy/deployCommands";
import { prepare } from "../../client/src/deploy/deployer";
import type { DeployHooks } from "../../client/src/deploy/hooks";
import { lookAtLock, takeLock } from "../../client/src/deploy/lock";
import { reviewHost } from "../../client/src/deploy/review/hostReview";
import type { DeployAction } from "../../client/src/deploy/tools/adapter";
import { type Script, scriptedUi } from "../../client/src/ports/scriptedUi";
import { requireCommand } from "./command";
import { setActivationExit } from "./faults";
import { type Fleet, type Host, startFleet } from "./fleet";
import { createOperator, type Operator } from "./operator";
import { copyToy, type ToyFlake } from "./toyFlake";

const LOCK = "/run/nix-deploy.lock";
const signal = new AbortController().signal;

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let prod: Host;

async function hostPlan(action: DeployAction, host = "prod") {
  const [plan] = (await prepare(operator.app, { action, hosts: [host], tool: undefined })).hosts;
  if (plan === undefined) throw new Error("no plan");
  return plan;
}

/** A task of tasks.json, by a user who answers like this. */
async function task(action: DeployAction, hosts: readonly string[], script: Script) {
  const user = scriptedUi(script);
  const lines: string[] = [];
  const work = runDefinition({ ...operator.app, ui: user.ui }, { action, hosts });
  return { code: await work(line => lines.push(line), signal), lines, ...user };
}

/** The lock as somebody else would hold it. */
async function foreignLock(host: Host, owner: string, ageSeconds: number): Promise<void> {
  await host.sh(
    `mkdir ${LOCK}; printf '%s\\n' other $(( $(date +%s) - ${ageSeconds} )) ${owner} 'deploy (direct)' > ${LOCK}/info`,
  );
}

async function lockFree(host: Host): Promise<boolean> {
  return (await host.sh(`ls -d ${LOCK}* 2>/dev/null || true`)).trim() === "";
}

beforeAll(async () => {
  fleet = await startFleet("prod", "web:bookworm");
  toy = await copyToy();
  toy.setHosts({ prod: { serial: 1 }, web: { serial: 1 } });
  operator = await createOperator(toy.folder, ["prod", "web"]);
  prod = fleet.host("prod");
});

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

test("a host without a system gets all of it", async () => {
  const review = await reviewHost(operator.app, await hostPlan("deploy"), await toy.build("prod"), signal);
  expect(review).toMatchObject({ before: undefined, gaps: [] });
  expect(review.transfer?.paths).toBe(review.packages?.length);
  expect(review.transfer?.bytes).toBeGreaterThan(1024 * 1024);
});

test("a deploy asks with what changes, holds the lock meanwhile, and lets go of it", async () => {
  const { code, said, documents, lines } = await task("deploy", ["prod", "web"], { confirms: [true] });
  expect([code, lines.filter(line => line.includes("could not"))]).toEqual([0, []]);
  const question = said.find(line => line.startsWith("confirm: Deploy to prod, web?")) ?? "";
  expect(question).toContain("prod: no known system → 24.11.20241121.1");
  expect(documents[0]?.text).toContain("nix copy --to ssh://root@web.test");
  expect(await prod.currentSystem()).toBe(await toy.build("prod"));
  expect([await lockFree(prod), await lockFree(fleet.host("web"))]).toEqual([true, true]);
});

for (const name of ["prod", "web"]) {
  test(`the review of ${name} tells the difference to what runs, and then what the host foretells`, async () => {
    toy.setHosts({ prod: { serial: 2, payloadMb: 3 }, web: { serial: 2, payloadMb: 3 } });
    const before = await fleet.host(name).currentSystem();
    const after = await toy.build(name);
    const plan = await hostPlan("deploy", name);
    const review = await reviewHost(operator.app, plan, after, signal);
    expect(review).toMatchObject({ before, after, reboot: undefined, gaps: [] });
    const system = review.packages?.find(change => change.name === `nixos-system-${name}`);
    expect(system).toMatchObject({ before: ["24.11.20241121.1"], after: ["24.11.20241121.2"] });
    expect(review.packages?.map(change => change.name)).not.toContain("etc");
    expect(review.units).toBeUndefined();
    const sent = review.transfer;
    expect(sent?.paths).toBe(3);
    await requireCommand(["nix", "copy", "--to", `ssh://root@${name}`, after]);
    const again = await reviewHost(operator.app, plan, after, signal);
    expect(again.transfer).toMatchObject({ paths: 0, bytes: 0 });
    expect(again.units).toMatchObject({ by: "foretold", restart: ["toy.service"] });
    expect(await fleet.host(name).currentSystem()).toBe(before);
  });
}

for (const name of ["prod", "web"]) {
  test(`of what is copied to ${name}, the review tells what comes from its own cache`, async () => {
    toy.setHosts({ prod: { serial: 7, payloadMb: 2 }, web: { serial: 8, payloadMb: 2 } });
    const host = fleet.host(name);
    const after = await toy.build(name);
    const payload = (await requireCommand(["readlink", "-f", `${after}/payload`])).trim();
    await requireCommand(["nix", "copy", "--to", `ssh://root@${name}`, payload]);
    await host.sh(`
      cp /etc/nix/nix.conf /etc/nix/nix.conf.before
      nix copy --to file:///srv/cache ${payload} && nix-store --delete ${payload}
      sed -i 's|^substituters =.*|substituters = file:///srv/empty file:///srv/cache|' /etc/nix/nix.conf
      mkdir -p /srv/empty; cp /srv/cache/nix-cache-info /srv/empty/`);
    const review = await reviewHost(operator.app, await hostPlan("deploy", name), after, signal);
    await host.sh("mv /etc/nix/nix.conf.before /etc/nix/nix.conf");
    const own = review.transfer?.fetched?.[0];
    expect(review.transfer?.fetched).toEqual([{ cache: "file:///srv/cache", paths: 1, bytes: own?.bytes }]);
    expect(own?.bytes).toBeGreaterThan(2 * 1024 * 1024);
    expect(review.transfer?.bytes).toBeGreaterThan(own?.bytes ?? 0);
    expect((await host.exec(["test", "-e", payload])).code).not.toBe(0);
  });
}

test("no is no: nothing is sent, nothing is remembered, nothing stays locked", async () => {
  toy.setHosts({ prod: { serial: 3 }, web: { serial: 3 } });
  const system = await toy.build("prod");
  const entries = (await operator.app.state.ledger.load()).entries.length;
  const { code, lines } = await task("deploy", ["prod"], { confirms: [false] });
  expect([code, lines.at(-1)]).toEqual([1, "Not run: it was not confirmed."]);
  expect((await prod.exec(["test", "-e", system])).code).not.toBe(0);
  expect((await operator.app.state.ledger.load()).entries).toHaveLength(entries);
  expect(await lockFree(prod)).toBe(true);
});

test("a roll back is reviewed: it names the system to go back to", async () => {
  toy.setHosts({ prod: { serial: 2, payloadMb: 3 }, web: { serial: 2, payloadMb: 3 } });
  const first = await prod.currentSystem();
  expect((await task("deploy", ["prod"], { confirms: [true] })).code).toBe(0);
  const review = await reviewHost(operator.app, await hostPlan("rollback"), undefined, signal);
  expect(review).toMatchObject({ after: first, gaps: [] });
});

test("of two operators at once, the second is told who holds the lock", async () => {
  const other = await createOperator(toy.folder, ["prod", "web"]);
  toy.setHosts({ prod: { serial: 4, activationSeconds: 2 }, web: { serial: 2 } });
  const plan = await hostPlan("deploy");
  const note = () => undefined;
  const hooks: DeployHooks = {
    lock: (host, aborted) => takeLock(operator.app, host, aborted, note),
  };
  const first = operator.run("deploy", ["prod"], { hooks });
  await expect
    .poll(() => operator.app.state.deployments.get("prod")?.phase, { timeout: 20_000 })
    .toBe("activate");
  if (plan.connection === undefined) throw new Error("no connection");
  const held = await lookAtLock(other.app, plan.connection);
  expect(held).toMatchObject({ kind: "held", by: { reason: "deploy (direct)" } });
  await prod.sh(`sed -i '3s/.*/ada@laptop/' ${LOCK}/info`);
  const second = await other.run("deploy", ["prod"], {
    hooks: { lock: (host, aborted) => takeLock(other.app, host, aborted, note) },
  });
  expect(second).toMatchObject([
    {
      outcome: "failed",
      why: expect.stringMatching(/^prod is locked by ada@laptop since \d+ s: deploy \(direct\)$/),
    },
  ]);
  expect(await first).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(await lockFree(prod)).toBe(true);
  other.remove();
});

test("the lock is released when the activation fails", async () => {
  toy.setHosts({ prod: { serial: 5 }, web: { serial: 2 } });
  await setActivationExit(prod, 1);
  const { code } = await task("deploy", ["prod"], { confirms: [true] });
  await setActivationExit(prod, 0);
  expect([code, await lockFree(prod)]).toEqual([1, true]);
});

test("a fresh lock of somebody else is never broken; a stale one only by a yes that names its owner", async () => {
  toy.setHosts({ prod: { serial: 6 }, web: { serial: 2 } });
  await foreignLock(prod, "ada@laptop", 60);
  const fresh = await task("deploy", ["prod"], { confirms: [true, true] });
  expect([fresh.code, fresh.said.filter(line => line.includes("Break"))]).toEqual([1, []]);
  expect(fresh.said.find(line => line.startsWith("confirm"))).toContain(
    "Locked by ada@laptop: deploy (direct)",
  );
  await prod.sh(`rm -r ${LOCK}`);
  await foreignLock(prod, "ada@laptop", 3 * 3600);
  const declined = await task("deploy", ["prod"], { confirms: [true, false] });
  expect(declined.said.find(line => line.includes("Break"))).toContain(
    "confirm: prod is locked by ada@laptop. Break the lock? [Break the Lock of ada@laptop]",
  );
  expect(declined.code).toBe(1);
  expect((await prod.sh(`sed -n 1p ${LOCK}/info`)).trim()).toBe("other");
  expect((await task("deploy", ["prod"], { confirms: [true, true] })).code).toBe(0);
  expect(await prod.currentSystem()).toBe(await toy.build("prod"));
  expect(await lockFree(prod)).toBe(true);
});

test("of many who want a lock at once, one gets it", async () => {
  const plan = await hostPlan("deploy");
  const locks = await Promise.all(
    Array.from({ length: 4 }, () =>
      takeLock({ ...operator.app, ui: scriptedUi().ui }, plan, signal, () => undefined),
    ),
  );
  expect(locks.filter(({ kind }) => kind === "held")).toHaveLength(1);
  for (const lock of locks) if (lock.kind === "held") await lock.release();
  expect(await lockFree(prod)).toBe(true);
});
