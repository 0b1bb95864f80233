// Reading Nix's internal-json log: 100 MB of it, as one process would write it, in pieces of a pipe's size.
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { build } from "esbuild";

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const outfile = path.join(tmpdir(), `internal-json-${process.pid}.mjs`);

const contents = `export { InternalJson } from "./client/src/deploy/internalJson";
export { LineSplitter } from "./client/src/ports/lineSplitter";`;
await build({
  stdin: { contents, resolveDir: root },
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
});
const { InternalJson, LineSplitter } = await import(pathToFileURL(outfile).href);
rmSync(outfile);

const SIZE = 100 * 1024 * 1024;
const PIPE = 64 * 1024;
const transcript = readFileSync(path.join(root, "test/fixtures/transcripts/nix-2.26.3-copy-ssh.log"), "utf8");

const nix = new InternalJson();
let shown = 0;
const splitter = new LineSplitter(line => {
  shown += nix.next(line).length;
});
collectGarbage();
const heapBefore = process.memoryUsage().heapUsed;
let bytes = 0;
let seconds = 0;
for (let round = 0; bytes < SIZE; round += 1) {
  // every copy is one of its own: activities have new numbers
  const text = Buffer.from(transcript.replaceAll('"id":120426', `"id":${1_000_000 + round}`));
  const started = performance.now();
  for (let at = 0; at < text.length; at += PIPE) splitter.push(text.subarray(at, at + PIPE));
  seconds += (performance.now() - started) / 1000;
  bytes += text.length;
}
splitter.end();
collectGarbage();
const grown = (process.memoryUsage().heapUsed - heapBefore) / 1024 / 1024;
if (shown === 0 || nix.progress.copies.done === 0) throw new Error("the log was not read");

process.stdout.write(
  JSON.stringify([
    { what: "internal-json log of 100 MB, read", unit: "s", value: Number(seconds.toFixed(2)), budget: 5 },
    { what: "heap that stays after it", unit: "MB", value: Number(grown.toFixed(2)), budget: 5 },
  ]),
);
