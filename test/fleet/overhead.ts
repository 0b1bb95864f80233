// For the benchmark of deploying: seconds of a deployment of prebuilt systems, and of the same commands by hand.
import { writeFileSync } from "node:fs";
import { startFleet } from "./fleet";
import { createOperator } from "./operator";
import { activate, copyToy, sendSystem } from "./toyFlake";

const NAMES = ["stage", "prod", "web"];
const ROUNDS = 3;
/** A switch of five seconds is a quick one for a real host. */
const KNOBS = { payloadMb: 8, activationSeconds: 5 };

const [out = "/dev/stdout"] = process.argv.slice(2);
const fleet = await startFleet(...NAMES);
const toy = await copyToy();
const operator = await createOperator(toy.folder, NAMES);
let serial = 1;

async function newSystems(): Promise<ReadonlyMap<string, string>> {
  serial += 1;
  toy.setHosts(Object.fromEntries(NAMES.map(name => [name, { serial, ...KNOBS }])));
  const systems = new Map<string, string>();
  for (const name of NAMES) systems.set(name, await toy.build(name));
  return systems;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The slowest host, each alone; and its sending apart from its switch. */
async function byHand(): Promise<number> {
  const systems = await newSystems();
  const seconds: number[] = [];
  for (const [name, system] of systems) {
    const sending = await secondsOf(() => sendSystem(name, system));
    const switching = await secondsOf(() => activate(name, system));
    process.stderr.write(
      `by hand, ${name}: sent in ${sending.toFixed(2)} s, switched in ${switching.toFixed(2)} s\n`,
    );
    seconds.push(sending + switching);
  }
  return Math.max(...seconds);
}

/** All hosts together, from the approval of what was built to the last answer. */
async function deployed(hosts: readonly string[]): Promise<number> {
  await newSystems();
  let approved = 0;
  const review = async () => {
    approved = performance.now();
    return true;
  };
  const results = await operator.run("deploy", hosts, { hooks: { review } });
  const seconds = (performance.now() - approved) / 1000;
  const bad = results.filter(({ outcome, clean }) => outcome !== "landed" || !clean);
  if (bad.length > 0) throw new Error(bad.map(({ host, why }) => `${host}: ${why}`).join("; "));
  return seconds;
}

/** Where the time of the last deployment to a host went. */
async function phaseRows(host: string) {
  const { entries } = await operator.app.state.ledger.load();
  const phases = entries.find(entry => entry.host === host)?.phases ?? [];
  return phases.map(({ phase, seconds }) => ({
    what: `${host}, of ${NAMES.length} in parallel: ${phase}`,
    unit: "s",
    value: seconds,
    budget: null,
  }));
}

async function median(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) values.push(await measure());
  return values.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

try {
  // the first deployment of a host has nothing to compare with
  await deployed(NAMES);
  const hand = await median(byHand);
  const one = await median(() => deployed(["prod"]));
  const three = await median(() => deployed(NAMES));
  const rounded = (value: number) => Number(value.toFixed(2));
  const percent = (value: number) => rounded((value / hand) * 100);
  writeFileSync(
    out,
    JSON.stringify([
      { what: "slowest host's own commands by hand", unit: "s", value: rounded(hand), budget: null },
      {
        what: "1 host deployed, guarded and verified",
        unit: "% of by hand",
        value: percent(one),
        budget: 110,
      },
      { what: "3 hosts deployed in parallel", unit: "% of by hand", value: percent(three), budget: 110 },
      ...(await phaseRows("prod")),
    ]),
  );
} finally {
  operator.remove();
  toy.remove();
  await fleet.stop();
}
