// `nix-deploy check` as people run it, a process of its own, on 1,150 files that make a fleet of 100 hosts.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { makeWorkspace } from "./_workspace.mjs";

const RUNS = 5;
const cli = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../server/dist/cli.js");
const workspace = makeWorkspace({ files: 1_150, hosts: 100 });
/** Loaded into the command, and into its threads: the command says at its end what all of it needed. It costs time itself. */
const tellUsage = [
  "--import",
  "data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>process.stderr.write(JSON.stringify(process.resourceUsage())))",
];

/** One run: its seconds of wall clock, what it printed, and what it wrote to stderr. */
async function check(options) {
  const begin = performance.now();
  const child = spawn(process.execPath, [...options, cli, "check", workspace.root, "--format", "json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, errors] = ["", ""];
  child.stdout.on("data", data => {
    out += data;
  });
  child.stderr.on("data", data => {
    errors += data;
  });
  const code = await new Promise(resolve => child.once("close", resolve));
  const wall = (performance.now() - begin) / 1e3;
  if (code !== 0 && code !== 1) throw new Error(`check ended with ${code}: ${errors}`);
  const { files, hosts } = JSON.parse(out);
  if (hosts !== 100) throw new Error(`${hosts} of 100 hosts`);
  return { wall, files, errors };
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = value => Math.round(value * 100) / 100;

try {
  const [walls, usages] = [[], []];
  let files = 0;
  for (let i = 0; i < RUNS; i++) {
    const run = await check([]);
    walls.push(run.wall);
    files = run.files;
    usages.push(JSON.parse((await check(tellUsage)).errors));
  }
  const cpu = median(usages.map(({ userCPUTime }) => userCPUTime)) / 1e6;
  const memory = median(usages.map(({ maxRSS }) => maxRSS)) / 1024;
  process.stdout.write(
    `${JSON.stringify([
      { what: `check ${files} files, 100 hosts, wall`, unit: "s", value: rounded(median(walls)), budget: 2 },
      { what: "processor time of it, user", unit: "s", value: rounded(cpu), budget: null },
      { what: "most memory of it", unit: "MB", value: Math.round(memory), budget: 250 },
    ])}\n`,
  );
} finally {
  rmSync(workspace.root, { recursive: true, force: true });
}
