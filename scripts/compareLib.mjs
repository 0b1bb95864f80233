// Compares our nixpkgs lib and module system with the real ones, evaluated by real Nix: `node scripts/compareLib.mjs DIR
// [--systems N] [--seed N]`, DIR being a checkout with nixpkgs' lib/default.nix (or its folder lib). A different answer
// fails; Unknown does not.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadParserFor, loadSources } from "./evaluator.mjs";
import { randomSystem } from "./randomModules.mjs";

const folder = process.argv[2];
const lib =
  folder === undefined
    ? ""
    : path.resolve(existsSync(path.join(folder, "lib")) ? path.join(folder, "lib") : folder);
if (folder === undefined || !existsSync(path.join(lib, "default.nix"))) {
  console.error(
    "usage: node scripts/compareLib.mjs DIR [--systems N] [--seed N]   (a checkout of nixpkgs' lib)",
  );
  process.exit(2);
}

function numberOption(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at === -1 ? otherwise : Number(process.argv[at + 1]);
}

const sources = await loadSources([
  "core/eval/evaluator",
  "core/eval/files",
  "core/nixpkgs/lib",
  "core/nixpkgs/libCases",
  "io/evaluatorPorts",
  "io/grammar",
]);
const parser = await loadParserFor(sources);
const work = mkdtempSync(path.join(os.tmpdir(), "nix-deploy-lib-"));

/** What real Nix says: the JSON of each expression, or undefined where it fails. */
function realAnswers(expressions) {
  const wrapped = expressions.map(text => `(t (${text}))`).join("\n");
  const program = `let lib = import ${lib}; t = e: let r = builtins.tryEval (builtins.toJSON e); in if r.success then r.value else null; in [\n${wrapped}\n]`;
  const file = path.join(work, "real.nix");
  writeFileSync(file, program);
  try {
    const options = {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
      timeout: 120_000,
    };
    return JSON.parse(execFileSync("nix-instantiate", ["--eval", "--strict", "--json", file], options)).map(
      text => text ?? undefined,
    );
  } catch {
    // An error that tryEval does not catch ends the whole program: find it by halves.
    if (expressions.length === 1) return [undefined];
    const middle = expressions.length >> 1;
    return [...realAnswers(expressions.slice(0, middle)), ...realAnswers(expressions.slice(middle))];
  }
}

/** What we say: JSON text, "unknown", or "error". */
function ourAnswer(text) {
  const file = path.join(work, "ours.nix");
  const ports = sources.evaluatorPorts(
    (each, content) => parser.parse(each, content),
    sources.memoryFiles(new Map([[file, `lib: builtins.toJSON (${text})`]]), [work]),
  );
  const ctx = sources.createEvaluator(ports).start();
  const value = ctx.call(ctx.importFile(file), [sources.nixpkgsLib(ctx)]);
  if (value.kind === "string") return value.text;
  return value.kind === "error" ? "error" : "unknown";
}

function compare(title, expressions) {
  const real = realAnswers(expressions);
  const counts = { same: 0, unknown: 0, wrong: 0 };
  expressions.forEach((text, index) => {
    const ours = ourAnswer(text);
    const expected = real[index] ?? "error";
    if (ours === expected) counts.same++;
    else if (ours === "unknown") counts.unknown++;
    else {
      counts.wrong++;
      if (counts.wrong <= 10) console.log(`WRONG ${text}\n  Nix:  ${expected}\n  ours: ${ours}`);
    }
  });
  console.log(
    `${title}: ${counts.same} the same, ${counts.unknown} Unknown, ${counts.wrong} wrong of ${expressions.length}`,
  );
  return counts.wrong;
}

try {
  const cases = sources.LIB_CASES.map(([text]) => text);
  const seed = numberOption("--seed", 1);
  const systems = Array.from({ length: numberOption("--systems", 500) }, (_, index) =>
    randomSystem(seed * 100_003 + index),
  );
  const wrong = compare("functions of lib", cases) + compare(`module systems (seed ${seed})`, systems);
  process.exitCode = wrong > 0 ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}
