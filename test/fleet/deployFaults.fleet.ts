// Deploying when things go wrong: after each fault, what is told of a host is what the host is, and nothing is half done.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Phase } from "../../client/src/deploy/step";
import { changeHostKey, dropConnections, trustHostKey } from "./faults";
import { type Fleet, type Host, startFleet } from "./fleet";
import { inPhase } from "./inPhase";
import { createOperator, type Operator } from "./operator";
import { settledSystem } from "./settledSystem";
import { copyToy, type ToyFlake, type ToyHost } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let run: Operator["run"];
let stage: Host;
let prod: Host;
let web: Host;
let serial = 100;

/** Gives prod (and others, if told) a new system. */
function newSystems(
  prodKnobs: Partial<ToyHost> = {},
  others: Readonly<Record<string, Partial<ToyHost>>> = {},
): void {
  serial += 1;
  const host = (knobs: Partial<ToyHost> = {}) => ({ serial, payloadMb: 0, ...knobs });
  toy.setHosts({ stage: host(others["stage"]), web: host(others["web"]), prod: host(prodKnobs) });
}

beforeAll(async () => {
  fleet = await startFleet("stage", "prod", "web:bookworm");
  toy = await copyToy();
  operator = await createOperator(toy.folder, ["stage", "prod", "web"]);
  run = operator.run;
  [stage, prod, web] = ["stage", "prod", "web"].map(name => fleet.host(name)) as [Host, Host, Host];
  // a host has something to go back to
  newSystems();
  expect((await run("deploy", ["stage", "prod", "web"])).map(({ outcome }) => outcome)).toEqual(
    Array(3).fill("landed"),
  );
});

beforeEach(() => newSystems());

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

test.each([
  [1, "reverted"],
  [2, "reverted"],
  [4, "landed"],
  [100, "reverted"],
] as const)("an activation that ends with %s: %s", async (exitCode, outcome) => {
  const before = await settledSystem(prod);
  newSystems({ exitCode });
  const results = await run("deploy", ["prod"]);
  expect(results).toMatchObject([{ outcome, clean: false }]);
  expect(results[0]?.why).toContain(`exit code ${exitCode}`);
  expect(await settledSystem(prod)).toBe(outcome === "landed" ? await toy.build("prod") : before);
});

test("the SSH connection is cut in the middle of the switch: found again, confirmed, landed", async () => {
  newSystems({ activationSeconds: 3 });
  const results = await run("deploy", ["prod"], {
    onEvent: inPhase("activate", 1.5, () => dropConnections(prod)),
  });
  expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});

test("the new system cuts the host off: it goes back by itself", async () => {
  newSystems({ activationSeconds: 2 });
  const before = await settledSystem(prod);
  const results = await run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 5 },
    onEvent: inPhase("activate", 1, async () => {
      await prod.link("down");
      setTimeout(() => void prod.link("up"), 12_000);
    }),
  });
  expect(results).toMatchObject([{ outcome: "reverted", clean: false }]);
  expect(results[0]?.why).toContain("not confirmed within 5 s");
  expect(await settledSystem(prod)).toBe(before);
});

test("a host whose health command fails goes back", async () => {
  const before = await settledSystem(prod);
  const results = await run("deploy", ["prod"], {
    settings: { "deploy.healthCommands": { prod: ["ssh", "prod", "test -e /no-such-file"] } },
  });
  expect(results).toMatchObject([{ outcome: "reverted", clean: false }]);
  expect(results[0]?.why).toContain("health command");
  expect(await settledSystem(prod)).toBe(before);
});

test("without a guard: the connection is cut in the switch, and the end is found out", async () => {
  newSystems({ activationSeconds: 3 });
  const results = await run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 0 },
    onEvent: inPhase("activate", 1.5, () => dropConnections(prod)),
  });
  expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});

test("the connection is cut while copying: failed, as before, and a second try lands", async () => {
  newSystems({ payloadMb: 20 });
  const before = await settledSystem(prod);
  await prod.slow("16mbit");
  const results = await run("deploy", ["prod"], { onEvent: inPhase("copy", 2, () => dropConnections(prod)) });
  await prod.fast();
  expect(results).toMatchObject([{ outcome: "failed", clean: false }]);
  expect(await settledSystem(prod)).toBe(before);
  expect(await run("deploy", ["prod"])).toMatchObject([{ outcome: "landed", clean: true }]);
});

test("the power is cut while copying: unknown while it is off; after it boots, it is as before", async () => {
  newSystems({ payloadMb: 20 });
  const before = await settledSystem(prod);
  await prod.slow("16mbit");
  const results = await run("deploy", ["prod"], { onEvent: inPhase("copy", 2, () => prod.off()) });
  expect(results).toMatchObject([{ outcome: "unknown", clean: false }]);
  await prod.boot();
  expect(await settledSystem(prod)).toBe(before);
  expect(await run("deploy", ["prod"])).toMatchObject([{ outcome: "landed", clean: true }]);
});

test("an earlier copy that lost its sender holds the locks: found, ended, landed", async () => {
  newSystems({ payloadMb: 30 });
  await prod.slow("16mbit");
  const abort = new AbortController();
  // the receiver hears no more of its sender, and keeps its locks
  await run("deploy", ["prod"], {
    signal: abort.signal,
    onEvent: inPhase("copy", 3, async () => {
      await prod.exec(["pkill", "-STOP", "-f", "nix-store --serve --write"]);
      abort.abort();
    }),
  });
  await prod.fast();
  const receivers = await prod.exec(["pgrep", "-f", "nix-store --serve --write"]);
  expect(receivers.stdout).not.toBe("");
  const notes: string[] = [];
  const results = await run("deploy", ["prod"], {
    onEvent: event => event.kind === "note" && notes.push(event.text),
    hooks: { endStaleReceivers: async (_host, found) => found.length > 0 },
  });
  expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(notes.join()).toMatch(/an earlier one still holds its locks.*Ended the earlier copy/);
});

test("a full store: failed, told why, as before; with room it lands", async () => {
  await stage.off();
  await stage.boot({ nixSize: "40m" });
  const before = await stage.currentSystem();
  newSystems({}, { stage: { payloadMb: 60 } });
  const notes: string[] = [];
  const results = await run("deploy", ["stage"], {
    onEvent: event => event.kind === "note" && notes.push(event.text),
  });
  expect(results).toMatchObject([{ outcome: "failed", clean: false }]);
  expect(notes.join()).toContain("A disk is full");
  expect(await stage.currentSystem()).toBe(before);
  await stage.exec(["nix-store", "--gc"]);
  newSystems();
  expect(await run("deploy", ["stage"])).toMatchObject([{ outcome: "landed" }]);
  await stage.off();
  await stage.boot();
});

test("another host key: nothing is sent", async () => {
  const before = await settledSystem(prod);
  await changeHostKey(prod);
  const results = await run("deploy", ["prod"]);
  expect(results).toMatchObject([{ outcome: "skipped" }]);
  expect(results[0]?.why).toContain("Host key verification failed");
  await trustHostKey(prod);
  expect(await settledSystem(prod)).toBe(before);
});

test("two people at once: one lands, the other is told, and the host has what landed", async () => {
  newSystems({ activationSeconds: 2 });
  const mine = await toy.build("prod");
  const other = await copyToy();
  other.setHosts({ prod: { serial: serial + 1000, payloadMb: 0, activationSeconds: 2 } });
  const second = await createOperator(other.folder, ["prod"]);
  const theirs = await other.build("prod");
  const [a, b] = await Promise.all([run("deploy", ["prod"]), second.run("deploy", ["prod"])]);
  const outcomes = [a[0]?.outcome, b[0]?.outcome];
  expect(outcomes.filter(outcome => outcome === "landed")).toHaveLength(1);
  expect(`${a[0]?.why}${b[0]?.why}`).toContain("another activation is running");
  expect(await settledSystem(prod)).toBe(outcomes[0] === "landed" ? mine : theirs);
  second.remove();
  other.remove();
});

test("a slow host lands all the same", async () => {
  newSystems({ payloadMb: 1 });
  await prod.slow("2mbit");
  expect(await run("deploy", ["prod"])).toMatchObject([{ outcome: "landed", clean: true }]);
  await prod.fast();
});

test.each<[Phase, Partial<ToyHost>, string]>([
  ["build", { buildSeconds: 5 }, "failed"],
  ["copy", { payloadMb: 30 }, "failed"],
  ["activate", { activationSeconds: 3 }, "reverted"],
  ["confirm", {}, "reverted"],
])("a cancel in the phase %s", async (phase, knobs, outcome) => {
  newSystems(knobs);
  const before = await settledSystem(prod);
  if (phase === "copy") await prod.slow("16mbit");
  const abort = new AbortController();
  const results = await run("deploy", ["prod"], {
    signal: abort.signal,
    onEvent: inPhase(phase, 1, () => abort.abort()),
    settings: phase === "confirm" ? { "deploy.healthCommands": { "*": ["sleep", "20"] } } : {},
  });
  if (phase === "copy") await prod.fast();
  expect(results).toMatchObject([{ outcome, cancelled: true, clean: false }]);
  expect(await settledSystem(prod)).toBe(before);
});

test("all or nothing: the host that landed goes back when another does not land", async () => {
  const before = [await settledSystem(prod), await settledSystem(web)];
  newSystems({}, { web: { exitCode: 1 } });
  const results = await run("deploy", ["prod", "web"], { settings: { "deploy.allOrNothing": true } });
  expect(results.map(({ outcome }) => outcome)).toEqual(["reverted", "reverted"]);
  expect([await settledSystem(prod), await settledSystem(web)]).toEqual(before);
});

test("a canary that does not land keeps the others from beginning", async () => {
  const before = await settledSystem(web);
  newSystems({ exitCode: 1 });
  const results = await run("deploy", ["prod", "web"], { settings: { "deploy.canaries": 1 } });
  expect(results.map(({ outcome }) => outcome)).toEqual(["reverted", "skipped"]);
  expect(await settledSystem(web)).toBe(before);
});

test("abort: one host is off, none is changed. queue: it is deployed when it is back", async () => {
  const before = await settledSystem(prod);
  await web.off();
  const aborted = await run("deploy", ["prod", "web"], { settings: { "deploy.offline": "abort" } });
  expect(aborted.map(({ outcome }) => outcome)).toEqual(["skipped", "skipped"]);
  expect(await settledSystem(prod)).toBe(before);
  const queued = run("deploy", ["prod", "web"], { settings: { "deploy.offline": "queue" } });
  setTimeout(() => void web.boot(), 6000);
  expect((await queued).map(({ outcome }) => outcome)).toEqual(["landed", "landed"]);
});

test("not approved: no host is changed", async () => {
  const before = await settledSystem(prod);
  const seen: (readonly [string, string])[] = [];
  const results = await run("deploy", ["prod"], {
    hooks: {
      review: async systems => {
        seen.push(...systems);
        return false;
      },
    },
  });
  expect(seen).toEqual([["prod", await toy.build("prod")]]);
  expect(results).toMatchObject([{ outcome: "skipped" }]);
  expect(await settledSystem(prod)).toBe(before);
});

test("a lock is taken before anything is sent and released however it ends", async () => {
  const calls: string[] = [];
  const lock = async () => {
    calls.push("lock");
    return { kind: "held", release: async () => void calls.push("release") } as const;
  };
  newSystems({ exitCode: 1 });
  await run("deploy", ["prod"], {
    hooks: { lock },
    onEvent: event => event.kind === "phase" && calls.push(event.phase),
  });
  expect(calls).toEqual(["build", "lock", "copy", "activate", "verify", "release"]);
  const refused = await run("deploy", ["prod"], {
    hooks: { lock: async () => ({ kind: "refused", why: "ann deploys since 10:00" }) },
  });
  expect(refused).toMatchObject([{ outcome: "failed", why: "ann deploys since 10:00" }]);
});

test("built on the host itself", async () => {
  const results = await run("deploy", ["prod"], { settings: { "deploy.buildOn": "target" } });
  expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});

test("built on another host", async () => {
  const results = await run("deploy", ["prod"], { settings: { "deploy.buildOn": "root@stage.test" } });
  expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
});
