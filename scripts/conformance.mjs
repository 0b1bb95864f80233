// Runs the evaluator over Nix's own language tests: `npm run conformance -- DIR` with the folder tests/functional/lang
// of a checkout of Nix. Prints what is exact, what is Unknown and what is wrong; fails if anything is wrong.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadEvaluator, loadParserFor } from "./evaluator.mjs";

const folder = process.argv[2];
if (folder === undefined || !existsSync(folder)) {
  console.error("usage: npm run conformance -- DIR   (tests/functional/lang of the Nix sources)");
  process.exit(2);
}
const root = path.resolve(folder);
const evaluator = await loadEvaluator();
const parser = await loadParserFor(evaluator);
const ports = evaluator.evaluatorPorts((file, text) => parser.parse(file, text));

/** What the test expects to be printed; paths of the test's folder as they are on this machine. */
function expectation(name) {
  const file = path.join(root, `${name}.exp`);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8").trimEnd().replaceAll("/pwd", path.resolve(root, ".."));
}

/** The arguments that the test wants Nix to be called with. */
function flagsOf(name) {
  const file = path.join(root, `${name}.flags`);
  const words = existsSync(file) ? readFileSync(file, "utf8").trim().split(/\s+/) : [];
  const flags = { args: [], attr: undefined, features: [] };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--argstr" || words[i] === "--arg") flags.args.push([words[i], words[++i], words[++i]]);
    else if (words[i] === "-A") flags.attr = words[++i];
    else if (words[i] === "--extra-experimental-features") flags.features.push(words[++i]);
  }
  return flags;
}

/** The search path of Nix's test runner: <name> is looked for in these folders. */
function searchPath(_ctx, name) {
  for (const folder of ["dir3", "dir4"]) {
    const file = path.join(root, folder, name);
    if (existsSync(file)) return evaluator.pathValue(file);
  }
  if (name.startsWith("nix/")) return undefined;
  return evaluator.errorValue("throw", `file '${name}' was not found in the Nix search path`);
}

function evaluate(name) {
  const options = { strict: true, optimistic: false, home: "/fake-home", searchPath };
  const session = evaluator.createEvaluator(ports, options);
  const { value, ctx } = session.evaluateFile(path.join(root, `${name}.nix`));
  const { args, attr } = flagsOf(name);
  const given = args.map(([kind, argument, text]) => [
    argument,
    kind === "--argstr" ? evaluator.stringValue(text) : evaluateText(ctx, session, text),
  ]);
  let result = given.length === 0 ? value : ctx.call(value, [evaluator.attrsOf(Object.fromEntries(given))]);
  if (attr !== undefined) result = ctx.select(result, attr);
  return evaluator.printValue(ctx, result);
}

/** An expression of the command line, seen from the folder above the tests. */
function evaluateText(ctx, session, text) {
  const file = path.join(root, "..", "command-line.nix");
  return session.compile(parser.parse(file, text)).evaluate(ctx);
}

const outcome = { exact: [], unknown: [], wrong: [] };
const names = readdirSync(root)
  .filter(file => /^eval-okay-.*\.nix$/.test(file))
  .map(file => file.slice(0, -".nix".length))
  .sort();
for (const name of names) {
  const expected = expectation(name);
  // Those without .exp print XML; a language with experimental features is another one.
  if (expected === undefined || flagsOf(name).features.length > 0) continue;
  const got = evaluate(name);
  if (typeof got === "string") {
    if (got === expected) outcome.exact.push(name);
    else outcome.wrong.push(`${name}\n      expected ${expected}\n      got      ${got}`);
  } else if (got.kind === "error")
    outcome.wrong.push(`${name}\n      expected ${expected}\n      got      error: ${got.message}`);
  else outcome.unknown.push(`${name}: ${got.reason ?? "hangs on an unknown condition"}`);
}

const total = outcome.exact.length + outcome.unknown.length + outcome.wrong.length;
for (const kind of ["unknown", "wrong"]) {
  for (const line of outcome[kind]) console.log(`${kind.padEnd(8)} ${line}`);
}
const share = total === 0 ? 0 : (100 * outcome.exact.length) / total;
console.log(
  `${total} tests: ${outcome.exact.length} exact (${share.toFixed(1)} %), ${outcome.unknown.length} unknown, ${outcome.wrong.length} wrong`,
);
process.exit(outcome.wrong.length === 0 && total > 0 ? 0 : 1);
