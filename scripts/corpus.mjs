// Reads public configuration repositories the way the extension does: `npm run corpus -- DIR…`. Prints for each what
// was found, what could not be known and why, what crashed, how long it took and how much memory it needed. Findings of
// repositories in test/corpus.json, each of which somebody looked at, are held against the counts there: a folder is
// called OWNER+NAME, and where it is a Git checkout it has to be at the commit of the list.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadParserFor, loadSources } from "./evaluator.mjs";

const judged = JSON.parse(
  readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), "../test/corpus.json"), "utf8"),
);

const wanted = process.argv.slice(2).filter(argument => !argument.startsWith("--"));
const verbose = process.argv.includes("--verbose");
if (wanted.length === 0 || wanted.some(folder => !existsSync(folder))) {
  console.error("usage: npm run corpus -- DIR… [--verbose]   (checkouts of configuration repositories)");
  process.exit(2);
}

const sources = await loadSources([
  "core/analysis",
  "core/fleet/buildFleet",
  "core/rules/index",
  "io/evaluatorPorts",
  "io/grammar",
  "io/workspaceFiles",
]);
const parser = await loadParserFor(sources);
const { hash, parseToml } = sources.evaluatorPorts((file, text) => parser.parse(file, text));

function changesOf(folder, found) {
  return [
    ...found.loaded,
    ...[...found.others, ...found.unreadable.map(({ path: each }) => each)].map(each => ({
      path: each,
      unread: "file",
    })),
    ...found.opaque.map(each => ({ path: each, unread: "folder" })),
    { path: folder, whole: true },
  ];
}

/** The fields of a host, by whether they are known. */
function fieldsOf(host) {
  const fields = [
    ["hostname", host.hostname],
    ["sshUser", host.sshUser],
    ["system", host.system],
  ];
  const known = fields.filter(([, field]) => field?.known === true).map(([name]) => name);
  const unknown = fields
    .filter(([, field]) => field?.known === false)
    .map(([name, field]) => [name, field.reason]);
  for (const name of ["substituters", "trusted-public-keys", "trusted-users"]) {
    const datum = host.effective.get(`nix.settings.${name}`);
    if (datum?.kind === "list" && datum.complete) known.push(name);
    else if (datum !== undefined)
      unknown.push([name, datum.kind === "unknown" ? datum.reason : (host.why[0] ?? datum.kind)]);
  }
  return { known, unknown };
}

function shown(field) {
  if (field === undefined) return "-";
  return field.known ? field.value : `? (${field.reason})`;
}

function report(folder, fleet, relative) {
  for (const entry of fleet.entryPoints) {
    console.log(`  ${entry.complete ? "complete  " : "incomplete"} ${entry.kind} ${relative(entry.path)}`);
    for (const why of entry.why.slice(0, verbose ? undefined : 4)) console.log(`               ${why}`);
    if (!verbose && entry.why.length > 4) console.log(`               and ${entry.why.length - 4} more`);
  }
  for (const host of fleet.hosts) {
    const { known, unknown } = fieldsOf(host);
    console.log(
      `  ${host.name}: ${host.tools.join("+")} at ${shown(host.hostname)} as ${shown(host.sshUser)} ` +
        `on ${shown(host.system)}; ${known.length} fields known, ${unknown.length} not`,
    );
    if (verbose) {
      for (const profile of host.profiles)
        console.log(
          `      profile ${profile.name}: user ${shown(profile.user)}, ${profile.activation?.kind ?? "no path"} of ${profile.activation?.argument.configuration ?? profile.activation?.argument.kind ?? "-"}`,
        );
      for (const [name, reason] of unknown) console.log(`      ${name}: ${reason}`);
    }
  }
  for (const problem of fleet.problems) {
    console.log(
      `  ! ${relative(problem.span.path)}:${problem.span.start} ${problem.message} (for ${problem.attrPath.join(".")})`,
    );
  }
  console.log(`  ${fleet.hosts.length} hosts, ${fleet.problems.length} problems in ${folder}`);
}

/** The findings by code, of the families that were judged: of all repositories, or of this one. */
function countsOf(analysis, categories) {
  const codes = new Set(
    sources.RULES.filter(({ meta }) => categories.includes(meta.category)).map(({ meta }) => meta.code),
  );
  const counts = {};
  for (const { code } of [...analysis.allFindings().values()].flat())
    if (codes.has(code)) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether the findings are those that were judged; prints what differs. */
function asJudged(folder, analysis) {
  const entry = judged.repositories.find(({ name }) => path.basename(folder) === name.replace("/", "+"));
  const counts = countsOf(analysis, entry?.categories ?? judged.categories);
  console.log(`  findings: ${JSON.stringify(counts)}`);
  if (entry === undefined) return true;
  if (existsSync(path.join(folder, ".git"))) {
    const head = execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
    if (head !== entry.commit) {
      console.log(`  not compared: judged at ${entry.commit}`);
      return true;
    }
  }
  if (JSON.stringify(counts) === JSON.stringify(entry.counts)) return true;
  console.log(`  DIFFERENT from what was judged: ${JSON.stringify(entry.counts)}`);
  return false;
}

let crashes = 0;
let different = 0;
for (const argument of wanted) {
  const folder = path.resolve(argument);
  const found = await sources.loadWorkspace(folder);
  const start = performance.now();
  const host = new sources.AnalysisHost({
    parser,
    buildFleet: sources.createFleetBuilder({ parser, hash, parseToml }),
  });
  host.apply(changesOf(folder, found));
  const analysis = host.analysis();
  const fleet = analysis.fleet();
  const ms = performance.now() - start;
  const relative = file => path.relative(folder, file) || ".";
  const parseErrors = analysis.paths.filter(file => (analysis.file(file)?.problems.length ?? 0) > 0);
  console.log(
    `${path.basename(folder)}: ${found.loaded.length} files, ${parseErrors.length} with parse errors`,
  );
  report(path.basename(folder), fleet, relative);
  if (!asJudged(folder, analysis)) different++;
  for (const crash of analysis.crashes)
    console.log(`  CRASH in ${crash.where}: ${crash.message}\n${crash.stack ?? ""}`);
  crashes += analysis.crashes.length;
  console.log(
    `  ${ms.toFixed(0)} ms, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of the whole run\n`,
  );
}
process.exitCode = crashes > 0 || different > 0 ? 1 : 0;
