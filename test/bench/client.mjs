// What the client costs the editor before anything is asked of it: loading its bundle, and activating it with an editor that
// does nothing itself.
import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const RUNS = 15;
const run = promisify(execFile);
const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "_loadClient.cjs");

const runs = [];
for (let i = 0; i < RUNS; i++) {
  const { stdout } = await run(process.execPath, [script], { timeout: 60_000 });
  runs.push(JSON.parse(stdout));
}
const median = name => {
  const sorted = runs.map(each => each[name]).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(RUNS / 2)] * 10) / 10;
};
process.stdout.write(
  `${JSON.stringify([
    { what: "load the client's bundle", unit: "ms", value: median("load"), budget: 50 },
    { what: "activate the client", unit: "ms", value: median("activation"), budget: 50 },
    { what: "processor time of both, user", unit: "ms", value: median("cpu"), budget: null },
  ])}\n`,
);
