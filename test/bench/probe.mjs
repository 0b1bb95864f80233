// Asking 200 hosts that are 20 ms away: how long it takes, how long the extension host is blocked, what a host costs.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import esbuild from "esbuild";

const HOSTS = 200;
const LATENCY_MS = 20;

const folder = path.dirname(fileURLToPath(import.meta.url));
const built = mkdtempSync(path.join(os.tmpdir(), "nd-probe-bench-"));
const run = promisify(execFile);

await esbuild.build({
  entryPoints: ["_probeServers.ts", "_probeClient.ts"].map(file => path.join(folder, file)),
  outdir: built,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // ssh2 is CommonJS and expects what such modules have
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire("/"); const __dirname = "/";',
  },
  external: ["cpu-features", "*.node"],
  logLevel: "error",
});

const servers = spawn(
  process.execPath,
  [path.join(built, "_probeServers.mjs"), String(HOSTS), String(LATENCY_MS)],
  { stdio: ["ignore", "pipe", "inherit"] },
);
let network;
try {
  network = await new Promise((resolve, reject) => {
    servers.stdout.once("data", data => resolve(String(data).trim()));
    servers.once("exit", code => reject(new Error(`the servers ended with ${code}`)));
  });
  const client = ["--expose-gc", path.join(built, "_probeClient.mjs"), String(HOSTS), network];
  // this process does nothing meanwhile: how long it is held up tells how busy the machine is with other things
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  const { stdout } = await run(process.execPath, client, { timeout: 120_000 });
  idle.disable();
  const { seconds, blocked, mostProcessorTime, perHost } = JSON.parse(stdout);
  const row = (what, unit, value, budget) => ({ what, unit, value: Math.round(value * 100) / 100, budget });
  const rows = [
    row(`ask ${HOSTS} hosts, ${LATENCY_MS} ms away, 16 at once`, "s", seconds, 5),
    row("longest block of the event loop meanwhile", "ms", blocked, 50),
    row("processor time of the busiest turn, all threads", "ms", mostProcessorTime, null),
    row("the same in a process that does nothing", "ms", (idle.max - idle.min) / 1e6, null),
    row("memory per host with 100 generations", "KB", perHost / 1024, 100),
  ];
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} finally {
  servers.kill();
  rmSync(built, { recursive: true, force: true });
  if (network !== undefined) rmSync(network, { recursive: true, force: true });
}
