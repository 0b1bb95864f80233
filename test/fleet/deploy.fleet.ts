// Deploying with real Nix to real hosts, through the extension's own flows but without an editor: what is planned is run,
// and what became of each host is asked of the host by other means than the extension's.
import { afterAll, beforeAll, expect, test } from "vitest";
import { setActivationExit } from "./faults";
import { type Fleet, startFleet } from "./fleet";
import { createOperator, type Operator } from "./operator";
import { copyToy, type ToyFlake } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let run: Operator["run"];

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
  operator = await createOperator(toy.folder, ["stage", "prod", "web"]);
  run = operator.run;
});

afterAll(async () => {
  toy?.remove();
  await fleet?.stop();
  operator?.remove();
});

test("three hosts at once land, each with the system that the flake has for it", async () => {
  const results = await run("deploy", ["stage", "prod", "web"]);
  expect(results.map(({ host, outcome, why }) => [host, outcome, why])).toEqual(
    ["stage", "prod", "web"].map(host => [host, "landed", "the host has the new system"]),
  );
  for (const name of ["stage", "prod", "web"]) {
    expect(await fleet.host(name).currentSystem()).toBe(await toy.build(name));
  }
});

test("a dry activation changes neither profile nor running system", async () => {
  toy.setHosts({ stage: { serial: 1 }, prod: { serial: 2 }, web: { serial: 1 } });
  const before = await fleet.host("prod").generations();
  const running = await fleet.host("prod").currentSystem();
  expect(await run("dry-activate", ["prod"])).toMatchObject([{ outcome: "done" }]);
  expect(await fleet.host("prod").generations()).toEqual(before);
  expect(await fleet.host("prod").currentSystem()).toBe(running);
});

test("boot: the new system waits for the next boot, and is there after it", async () => {
  const prod = fleet.host("prod");
  const running = await prod.currentSystem();
  expect(await run("boot", ["prod"])).toMatchObject([{ outcome: "landed" }]);
  expect(await prod.currentSystem()).toBe(running);
  await prod.off();
  await prod.boot();
  expect(await prod.currentSystem()).toBe(await toy.build("prod"));
});

test("roll back returns to the generation before", async () => {
  const prod = fleet.host("prod");
  const now = await prod.currentSystem();
  expect(await run("rollback", ["prod"])).toMatchObject([{ outcome: "landed" }]);
  expect(await prod.currentSystem()).not.toBe(now);
});

test("an activation with a failed unit has landed, and is not called well", async () => {
  toy.setHosts({ stage: { serial: 5 }, prod: { serial: 1 }, web: { serial: 1 } });
  await setActivationExit(fleet.host("stage"), 4);
  const results = await run("deploy", ["stage"]);
  await setActivationExit(fleet.host("stage"), 0);
  expect(results).toMatchObject([{ outcome: "landed", clean: false }]);
  expect(results[0]?.why).toContain("exit code 4");
  expect(await fleet.host("stage").currentSystem()).toBe(await toy.build("stage"));
});

test("a build that fails touches no host", async () => {
  toy.setHosts({ stage: { serial: 6, buildScript: "exit 7" }, prod: { serial: 1 }, web: { serial: 1 } });
  const before = await fleet.host("stage").generations();
  const lines: string[] = [];
  const results = await run("deploy", ["stage"], {
    onEvent: event => event.kind === "line" && lines.push(event.text),
  });
  expect(results).toMatchObject([{ outcome: "failed", clean: false }]);
  expect(lines.join("\n")).toContain("failed with exit code 7");
  expect(await fleet.host("stage").generations()).toEqual(before);
});

test("a host that is off is left out before anything is done to it", async () => {
  toy.setHosts({ stage: { serial: 1 }, prod: { serial: 9 }, web: { serial: 1 } });
  await fleet.host("prod").off();
  const results = await run("deploy", ["prod"]);
  expect(results).toMatchObject([{ outcome: "skipped", clean: false }]);
  await fleet.host("prod").boot();
});

test("a cancel during a slow copy ends at once and leaves the host as it was", async () => {
  toy.setHosts({ stage: { serial: 1 }, prod: { serial: 10, payloadMb: 40 }, web: { serial: 1 } });
  const prod = fleet.host("prod");
  const before = await prod.currentSystem();
  await prod.slow("8mbit");
  const abort = new AbortController();
  const results = await run("deploy", ["prod"], {
    onEvent: event =>
      event.kind === "phase" && event.phase === "copy" && setTimeout(() => abort.abort(), 1500),
    signal: abort.signal,
  });
  await prod.fast();
  expect(results).toMatchObject([{ outcome: "failed", cancelled: true }]);
  expect(await prod.currentSystem()).toBe(before);
});

test("the ledger names every change and what each host said", async () => {
  const { entries, broken } = await operator.app.state.ledger.load();
  expect(broken).toBe(0);
  expect(entries.map(({ host, action, outcome }) => `${host} ${action} ${outcome}`)).toEqual([
    "prod deploy failed",
    "stage deploy failed",
    "stage deploy landed",
    "prod rollback landed",
    "prod boot landed",
    ...Array(3).fill(expect.stringMatching(/^(web|prod|stage) deploy landed$/)),
  ]);
  expect(entries.every(entry => entry.dirty === true || entry.commit === null)).toBe(true);
});
