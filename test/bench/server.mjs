// The language server's budgets, measured over stdio on a workspace of 1,000 files and 100 hosts.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { makeWorkspace } from "./_workspace.mjs";

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)(
  "vscode-languageserver/node",
);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const server = path.join(root, "server/dist/main.js");
const how = readFileSync(path.join(root, "client/src/editor/serverArguments.ts"), "utf8");
const { code } = await transform(how, { loader: "ts" });
/** As the client starts it. */
const { SERVER_ARGUMENTS } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const workspace = makeWorkspace({ files: 1_000, hosts: 100 });
const uri = file => pathToFileURL(path.join(workspace.root, file)).href;

/** The server rests and gives memory back. */
const IDLE_MS = 15_000;

/** Starts a server; `quietPeriodMs` 0 leaves the debounce out of what is measured. */
async function start() {
  const child = spawn(process.execPath, [...SERVER_ARGUMENTS, server, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const listeners = new Set();
  const tell = event => {
    for (const listener of [...listeners]) listener(event);
  };
  connection.onNotification("textDocument/publishDiagnostics", params =>
    tell({ kind: "published", ...params }),
  );
  connection.onNotification("nixDeploy/fleetChanged", () => tell({ kind: "fleet" }));
  connection.onNotification("window/logMessage", ({ message }) => {
    if (message.includes("crash")) process.stderr.write(`${message}\n`);
  });
  connection.listen();
  const until = condition =>
    new Promise(resolve => {
      const listener = event => {
        if (!condition(event)) return;
        listeners.delete(listener);
        resolve(performance.now());
      };
      listeners.add(listener);
    });
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: pathToFileURL(workspace.root).href, name: "bench" }],
    initializationOptions: { quietPeriodMs: 0 },
  });
  await connection.sendNotification("initialized", {});
  return { child, connection, until };
}

async function open({ connection }, file) {
  const text = readFileSync(path.join(workspace.root, file), "utf8");
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri: uri(file), languageId: "nix", version: 1, text },
  });
  return text;
}

/** Lenses are answered when the findings of the whole fleet are out. */
async function allFindings({ connection }, file) {
  await connection.sendRequest("textDocument/codeLens", { textDocument: { uri: uri(file) } });
}

/** Mistypes and repairs a cache's scheme; answers the milliseconds to the own findings and to the fleet's. */
async function measureEdits(session, file, rounds) {
  const text = await open(session, file);
  await session.until(event => event.kind === "published" && event.uri === uri(file));
  await allFindings(session, file);
  const lines = text.slice(0, text.indexOf("https://")).split("\n");
  const [line, character] = [lines.length - 1, lines.at(-1).length];
  const own = [];
  const fleet = [];
  for (let round = 0; round < rounds; round++) {
    const [from, to] = round % 2 === 0 ? ["https", "htps"] : ["htps", "https"];
    const version = round + 2;
    const published = session.until(event => event.kind === "published" && event.version === version);
    const begin = performance.now();
    const range = { start: { line, character }, end: { line, character: character + from.length } };
    await session.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uri(file), version },
      contentChanges: [{ range, text: to }],
    });
    own.push((await published) - begin);
    await allFindings(session, file);
    fleet.push(performance.now() - begin);
  }
  return { own, fleet };
}

function percentile(values, share) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return (
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 10) /
    10
  );
}

function residentMegabytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function stop({ child, connection }) {
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  await new Promise(resolve => child.once("exit", resolve));
  connection.dispose();
}

async function measureCold() {
  const begin = performance.now();
  const session = await start();
  const published = session.until(event => event.kind === "published" && event.uri === uri(workspace.edited));
  await open(session, workspace.edited);
  const first = (await published) - begin;
  await allFindings(session, workspace.edited);
  const whole = performance.now() - begin;
  await sleep(IDLE_MS);
  const memory = residentMegabytes(session.child.pid);
  await stop(session);
  return { first, whole, memory };
}

try {
  const cold = await measureCold();
  const session = await start();
  const edits = await measureEdits(session, workspace.edited, 60);
  const shared = await measureEdits(session, workspace.shared, 20);
  await sleep(IDLE_MS);
  const afterEdits = residentMegabytes(session.child.pid);
  await stop(session);
  const row = (what, unit, value, budget) => ({ what, unit, value: Math.round(value * 10) / 10, budget });
  const rows = [
    row("first diagnostics after open, cold server", "ms", cold.first, 700),
    row("fleet known, cold server", "ms", cold.whole, null),
    row("change to own findings, 500-line file, p50", "ms", percentile(edits.own, 0.5), 15),
    row("change to own findings, 500-line file, p95", "ms", percentile(edits.own, 0.95), 40),
    row("change to fleet findings, one host's file, p50", "ms", percentile(edits.fleet, 0.5), 250),
    row("change to fleet findings, one host's file, p95", "ms", percentile(edits.fleet, 0.95), 250),
    row("change to own findings, file of all hosts, p50", "ms", percentile(shared.own, 0.5), 15),
    row("change to fleet findings, file of all hosts, p50", "ms", percentile(shared.fleet, 0.5), 250),
    row("resident memory, idle after load", "MB", cold.memory, 150),
    row("resident memory, idle after 80 edits", "MB", afterEdits, 150),
  ];
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} finally {
  rmSync(workspace.root, { recursive: true, force: true });
}
