// Whoever deploys is gone in the middle: the window is closed, or the host loses its power. Afterwards the history names what the
// host really runs, nothing is half set, and the lock is free.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settleAbandoned } from "../../client/src/deploy/settle";
import type { Phase } from "../../client/src/deploy/step";
import { type Fleet, type Host, startFleet } from "./fleet";
import { inPhase } from "./inPhase";
import { createOperator, type Operator } from "./operator";
import { settledSystem } from "./settledSystem";
import { copyToy, type ToyFlake, type ToyHost } from "./toyFlake";

let fleet: Fleet;
let toy: ToyFlake;
let operator: Operator;
let prod: Host;
let program: string;
let folder: string;
let serial = 500;

function newSystem(knobs: Partial<ToyHost> = {}): void {
  serial += 1;
  toy.setHosts({ prod: { serial, payloadMb: 0, ...knobs } });
}

beforeAll(async () => {
  fleet = await startFleet("prod");
  prod = fleet.host("prod");
  toy = await copyToy();
  folder = mkdtempSync(path.join(tmpdir(), "operator-"));
  program = path.join(mkdtempSync(path.join(tmpdir(), "alone-")), "deployAlone.mjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "deployAlone.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["ssh2", "cpu-features"],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  operator = await createOperator(toy.folder, ["prod"], folder);
  newSystem();
  expect(await operator.run("deploy", ["prod"])).toMatchObject([{ outcome: "landed" }]);
});

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

/** Deploys in a process that is killed `seconds` after it entered a phase. */
async function dieInPhase(phase: Phase, seconds: number, settings: object = {}): Promise<void> {
  const env = { ...process.env, SETTINGS: JSON.stringify(settings) };
  const alone: ChildProcess = spawn(process.execPath, [program, toy.folder, folder, "deploy", "prod"], {
    env,
  });
  let killing = false;
  alone.stdout?.on("data", (bytes: Buffer) => {
    if (killing || !bytes.toString().split("\n").includes(phase)) return;
    killing = true;
    setTimeout(() => alone.kill("SIGKILL"), seconds * 1000);
  });
  let said = "";
  alone.stderr?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  await new Promise(resolve => alone.on("exit", resolve));
  if (!killing) throw new Error(`it ended before the phase ${phase}\n${said}`);
}

async function lastEntry() {
  return (await operator.app.state.ledger.load()).entries[0];
}

/** Nothing is left of the deployment, here or on the host. */
async function expectNothingLeft(): Promise<void> {
  expect(await operator.app.state.open.abandoned()).toEqual([]);
  expect(readdirSync(path.join(folder, "open"))).toEqual([]);
  expect((await prod.exec(["ls", "/run/nix-deploy.lock"])).code).not.toBe(0);
}

test("the window is closed while the host switches: it goes back by itself, and the next window tells so", async () => {
  const before = await settledSystem(prod);
  newSystem({ activationSeconds: 2 });
  await dieInPhase("activate", 1, { "deploy.guardSeconds": 4 });
  expect((await operator.app.state.open.abandoned()).map(({ host }) => host)).toEqual(["prod"]);
  expect((await prod.exec(["ls", "/run/nix-deploy.lock"])).code).toBe(0);
  await settleAbandoned(operator.app);
  expect(await lastEntry()).toMatchObject({ host: "prod", outcome: "reverted", clean: false });
  expect((await lastEntry())?.why).toContain("the window that deployed was closed");
  expect(await settledSystem(prod)).toBe(before);
  await expectNothingLeft();
});

test("without a guard the switch runs to its end: landed", async () => {
  newSystem({ activationSeconds: 2 });
  await dieInPhase("activate", 1, { "deploy.guardSeconds": 0 });
  await settleAbandoned(operator.app);
  expect(await lastEntry()).toMatchObject({ outcome: "landed", clean: true });
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
  await expectNothingLeft();
});

test("the window is closed while it copies: failed, as before", async () => {
  const before = await settledSystem(prod);
  newSystem({ payloadMb: 20 });
  await prod.slow("16mbit");
  await dieInPhase("copy", 1.5);
  await prod.fast();
  await settleAbandoned(operator.app);
  expect(await lastEntry()).toMatchObject({ outcome: "failed", clean: false });
  expect(await settledSystem(prod)).toBe(before);
  await expectNothingLeft();
});

test("a host that does not answer is asked again another time", async () => {
  newSystem({ activationSeconds: 1 });
  await dieInPhase("activate", 0.5, { "deploy.guardSeconds": 2 });
  await prod.link("down");
  const entries = (await operator.app.state.ledger.load()).entries.length;
  await settleAbandoned(operator.app);
  expect((await operator.app.state.ledger.load()).entries).toHaveLength(entries);
  expect(await operator.app.state.open.abandoned()).toHaveLength(1);
  await prod.link("up");
  await settleAbandoned(operator.app);
  expect(await lastEntry()).toMatchObject({ outcome: "reverted" });
  await expectNothingLeft();
});

test("the power is cut while the host switches and is back at once: the host tells what it booted", {
  timeout: 200_000,
}, async () => {
  newSystem({ activationSeconds: 3 });
  const results = await operator.run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 5 },
    onEvent: inPhase("activate", 1.5, async () => {
      await prod.off();
      await prod.boot();
    }),
  });
  // the boot loader was written before: the new system is what it booted
  expect(results).toMatchObject([{ outcome: "landed", clean: false }]);
  expect(results[0]?.why).toContain("the host was restarted");
  expect(await settledSystem(prod)).toBe(await toy.build("prod"));
  await expectNothingLeft();
});

test("the power is cut while the host switches and stays off: unknown, and told when it is back", {
  timeout: 200_000,
}, async () => {
  newSystem({ activationSeconds: 3 });
  const results = await operator.run("deploy", ["prod"], {
    settings: { "deploy.guardSeconds": 2 },
    onEvent: inPhase("activate", 1.5, () => prod.off()),
  });
  expect(results).toMatchObject([{ outcome: "unknown", clean: false }]);
  expect(await lastEntry()).toMatchObject({ outcome: "unknown", newSystem: null });
  expect((await operator.app.state.open.abandoned()).map(({ host }) => host)).toEqual(["prod"]);
  await prod.boot();
  await settleAbandoned(operator.app);
  expect(await lastEntry()).toMatchObject({ outcome: "landed", clean: false });
  expect((await lastEntry())?.newSystem).toBe(await settledSystem(prod));
  await expectNothingLeft();
});
