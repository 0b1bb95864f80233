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
/** Loaded into the command, and into its threads: the command says at its end what all of it needed. */
const tellUsage =
  "data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>process.stderr.write(JSON.stringify(process.resourceUsage())))";

async function check() {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", tellUsage, cli, "check", workspace.root, "--format", "json"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [out, usage] = ["", ""];
  child.stdout.on("data", data => {
    out += data;
  });
  child.stderr.on("data", data => {
    usage += data;
  });
  const code = await new Promise(resolve => child.once("close", resolve));
  if (code !== 0 && code !== 1) throw new Error(`check ended with ${code}: ${usage}`);
  const { files, hosts } = JSON.parse(out);
  if (hosts !== 100) throw new Error(`${hosts} of 100 hosts`);
  const { userCPUTime, maxRSS } = JSON.parse(usage);
  return { files, wall: (performance.now() - begin) / 1e3, cpu: userCPUTime / 1e6, memory: maxRSS / 1024 };
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const runs = [];
  for (let i = 0; i < RUNS; i++) runs.push(await check());
  const of = name => Math.round(median(runs.map(run => run[name])) * 100) / 100;
  process.stdout.write(
    `${JSON.stringify([
      { what: `check ${runs[0].files} files, 100 hosts, wall`, unit: "s", value: of("wall"), budget: 2 },
      { what: "processor time of it, user", unit: "s", value: of("cpu"), budget: null },
      { what: "most memory of it", unit: "MB", value: Math.round(of("memory")), budget: 250 },
    ])}\n`,
  );
} finally {
  rmSync(workspace.root, { recursive: true, force: true });
}
