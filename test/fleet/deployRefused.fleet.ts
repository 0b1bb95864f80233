// A host that refuses the login is not tried again and again: OpenSSH shuts out addresses that do so, and then nobody could even ask
// what became of the host. Here its penalties are on, as on any server, and its log is counted.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { acceptKeys, refuseKeys } from "./faults";
import { type Fleet, type Host, startFleet } from "./fleet";
import { inPhase } from "./inPhase";
import { createOperator, type Operator } from "./operator";
import { settledSystem } from "./settledSystem";
import { copyToy, type ToyFlake, type ToyHost } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let prod: Host;
let serial = 1200;

function newSystem(knobs: Partial<ToyHost> = {}): void {
  serial += 1;
  toy.setHosts({ prod: { serial, payloadMb: 0, ...knobs } });
}

/** How often somebody was refused at the server that punishes it, and how often it shut somebody out, since the last time. */
async function refusals(): Promise<{ readonly logins: number; readonly shutOut: number }> {
  const log = await prod.sh("cat /var/log/strict.log; : > /var/log/strict.log");
  const count = (pattern: RegExp) => log.split("\n").filter(line => pattern.test(line)).length;
  return {
    logins: count(/Connection (closed|reset) by authenticating user/),
    shutOut: count(/drop connection .*penalty/),
  };
}

/**
 * Starts the server that punishes, which lies beside the lenient one of the tests: OpenSSH 10 has its penalties on. A new one
 * has forgotten who was refused; what one test did would else count in the next, the more the faster the machine is.
 */
async function startStrict(): Promise<void> {
  await prod.sh(
    "pkill -f 'sshd -p 2222' || true; pkill -f 'sshd: /usr/sbin/sshd -p 2222' || true; sleep 0.2",
  );
  await prod.sh("/usr/sbin/sshd -p 2222 -o PerSourcePenalties=yes -E /var/log/strict.log");
}

beforeAll(async () => {
  fleet = await startFleet("prod");
  prod = fleet.host("prod");
  toy = await copyToy();
  await startStrict();
  const sshOpts = ["-p", "2222", "-o", "HostKeyAlias=prod.test"];
  operator = await createOperator(toy.folder, [{ name: "prod", hostname: "prod.test", sshOpts }]);
  newSystem();
  expect(await operator.run("deploy", ["prod"])).toMatchObject([{ outcome: "landed", clean: true }]);
});

beforeEach(async () => {
  newSystem();
  await startStrict();
  await refusals();
});

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

test("these penalties are real: who fails at once and again is shut out", async () => {
  await refuseKeys(prod);
  for (let tries = 0; tries < 6; tries += 1) await prod.ssh(["-p", "2222", "true"]);
  const { logins, shutOut } = await refusals();
  await acceptKeys(prod);
  expect(logins).toBeGreaterThanOrEqual(3);
  expect(shutOut).toBeGreaterThan(0);
});

test.each(["skip", "queue", "abort"] as const)(
  "refused before anything is done (%s): asked once",
  async offline => {
    await refuseKeys(prod);
    const results = await operator.run("deploy", ["prod"], { settings: { "deploy.offline": offline } });
    await acceptKeys(prod);
    expect(results).toMatchObject([{ outcome: "skipped" }]);
    expect(results[0]?.why).toContain("Permission denied");
    expect(await refusals()).toEqual({ logins: 1, shutOut: 0 });
  },
);

test("refused while the host switches: asked now and then, never shut out, and told how it ended", {
  timeout: 120_000,
}, async () => {
  newSystem({ activationSeconds: 3 });
  const before = await settledSystem(prod);
  const running = operator.run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 5 },
    onEvent: inPhase("activate", 1, () => refuseKeys(prod)),
  });
  setTimeout(() => void acceptKeys(prod), 32_000);
  const results = await running;
  expect(results).toMatchObject([{ outcome: "reverted", clean: false }]);
  const { logins, shutOut } = await refusals();
  expect(logins).toBeGreaterThanOrEqual(1);
  expect(logins).toBeLessThanOrEqual(4);
  expect(shutOut).toBe(0);
  expect(await settledSystem(prod)).toBe(before);
});

test("refused from the switch on, for good: the run ends, and the host goes back by itself", {
  timeout: 240_000,
}, async () => {
  newSystem({ activationSeconds: 2 });
  const before = await settledSystem(prod);
  const results = await operator.run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 5 },
    onEvent: inPhase("activate", 1, () => refuseKeys(prod)),
  });
  const { logins, shutOut } = await refusals();
  await acceptKeys(prod);
  expect(results).toMatchObject([{ outcome: "unknown", clean: false }]);
  expect(logins).toBeLessThanOrEqual(8);
  expect(shutOut).toBe(0);
  expect(await settledSystem(prod)).toBe(before);
});
