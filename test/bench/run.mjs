// `npm run bench [NAME…]`: runs every benchmark of this folder in a process of its own and prints one JSON document, and on
// standard error the same as a table.
// A benchmark is a file that prints a JSON array of rows `{ what, unit, value, budget }` on stdout.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(folder, "../..");
const run = promisify(execFile);

const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter(file => file.endsWith(".mjs") && file !== "run.mjs" && !file.startsWith("_"))
  .map(file => path.basename(file, ".mjs"))
  .filter(name => wanted.length === 0 || wanted.includes(name))
  .sort();

await run(process.execPath, ["scripts/build.mjs", "--production"], { cwd: root });
const benches = {};
for (const name of names) {
  try {
    const { stdout } = await run(process.execPath, [path.join(folder, `${name}.mjs`)], {
      cwd: root,
      timeout: 600_000,
      maxBuffer: 1 << 26,
    });
    benches[name] = JSON.parse(stdout).map(row => ({
      ...row,
      ok: row.budget === null || row.value <= row.budget,
    }));
  } catch (error) {
    benches[name] = { failed: String(error?.stderr || error?.message || error).trim() };
  }
}
const machine = {
  cpus: os.cpus().length,
  model: os.cpus()[0]?.model,
  node: process.version,
  load: os.loadavg()[0],
};
process.stdout.write(
  `${JSON.stringify({ version: 1, date: new Date().toISOString(), machine, benches }, null, 2)}\n`,
);
process.stderr.write(`\n${tableOf(benches)}\n`);
const failed = Object.values(benches).some(rows => !Array.isArray(rows) || rows.some(row => !row.ok));
process.exitCode = failed ? 1 : 0;

function tableOf(all) {
  const lines = Object.entries(all).flatMap(([name, rows]) =>
    Array.isArray(rows)
      ? rows.map(row => [verdict(row), name, ...cells(row)])
      : [["FAILED", name, rows.failed]],
  );
  return lines
    .map(([state, name, ...rest]) => [state.padEnd(7), name.padEnd(11), ...rest].join(" "))
    .join("\n");
}

function verdict({ budget, ok }) {
  return budget === null ? "" : ok ? "kept" : "MISSED";
}

function cells({ what, unit, value, budget }) {
  return [`${value} ${unit}`.padStart(14), (budget === null ? "" : `of ${budget}`).padEnd(9), what];
}
