// The extension's side of the probing benchmark: one round over all hosts with the view kept up to date, as in the
// editor. Prints seconds, the longest time that the event loop was blocked (also by processor time), and a host's memory.
import path from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Emitter } from "../../client/src/events";
import { FIRST_ARRANGEMENT } from "../../client/src/hosts/arrangement";
import { hostsTree } from "../../client/src/hosts/hostsTree";
import { Probing } from "../../client/src/hosts/probing";
import { systemClock } from "../../client/src/ports/clock";
import { SILENT_LOG } from "../../client/src/ports/log";
import { createSshPort } from "../../client/src/ports/ssh/sshPort";
import { ObservedStore } from "../../client/src/state/observedStore";
import { fleetStoreOf } from "../harness/fleetStore";
import { fleetOf, hostOf } from "../harness/snapshots";

const count = Number(process.argv[2]);
const configFile = path.join(process.argv[3] ?? "", "config");
const names = Array.from({ length: count }, (_, index) => `host${index}`);
const { store: fleet } = await fleetStoreOf(fleetOf(names.map(name => hostOf({ name }))));
const observed = new ObservedStore();
const ssh = createSshPort({
  settings: () => ({ configFile, concurrency: 16 }),
  askPassphrase: async () => undefined,
});
const workspace = {
  trusted: true,
  folders: [],
  onDidChange: new Emitter<void>().event,
  setContext: () => undefined,
};
const probing = new Probing({
  log: SILENT_LOG,
  workspace,
  ports: { ssh, clock: systemClock },
  state: { fleet, observed },
});

let shown = 0;
const show = () => {
  const rows = hostsTree({
    fleet: fleet.snapshot,
    filter: "",
    arrangement: FIRST_ARRANGEMENT,
    observed: host => observed.get(host),
    running: () => undefined,
    drift: () => undefined,
  });
  shown = rows.length;
};

function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// ssh2 is loaded once in the life of a window; what is measured is a round
await probing.ask(names.slice(0, 1), { signal: new AbortController().signal });
show();
const before = usedBytes();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const begin = performance.now();
const ticking = setInterval(show, 100);
// between two turns of the loop, by processor time: what other programs do meanwhile is not in it
let mostProcessorTime = 0;
let spent = process.cpuUsage();
const turning = setInterval(() => {
  const { user, system } = process.cpuUsage(spent);
  spent = process.cpuUsage();
  mostProcessorTime = Math.max(mostProcessorTime, (user + system) / 1000);
}, 1);
await probing.ask(names, { signal: new AbortController().signal });
clearInterval(ticking);
clearInterval(turning);
const seconds = (performance.now() - begin) / 1000;
show();
delay.disable();
const reached = names.filter(name => observed.get(name)?.answer.kind === "reached").length;
if (reached !== count || shown !== count) throw new Error(`${reached} of ${count} hosts answered`);
await new Promise(resolve => setTimeout(resolve, 500));
const perHost = (usedBytes() - before) / count;
const blocked = (delay.max - delay.min) / 1e6;
process.stdout.write(JSON.stringify({ seconds, blocked, mostProcessorTime, perHost }));
probing.dispose();
