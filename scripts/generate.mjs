// Writes what follows from other files: docs/rules and the setting nixDeploy.rules from the rules' metadata, docs/settings.md
// from package.json.
// `--check` writes nothing and fails where something is out of date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { loadRules, root } from "./loadRules.mjs";
import { settingsPage } from "./settingsPage.mjs";

const PAGES = "docs/rules";

/** Every generated file with its text, by path from the root. */
export async function generatedFiles() {
  const { RULES, rulePage, rulesIndex, ruleSettingsSchema } = await loadRules();
  const files = new Map(RULES.map(rule => [`${PAGES}/${rule.meta.code}.md`, rulePage(rule.meta)]));
  files.set(`${PAGES}/README.md`, rulesIndex(RULES));
  const manifest = withRuleSettings(ruleSettingsSchema(RULES));
  files.set("package.json", manifest);
  files.set(
    "docs/settings.md",
    settingsPage(JSON.parse(manifest), JSON.parse(readIfThere("package.nls.json"))),
  );
  return files;
}

/** Generated files that are missing, different, or left over from a rule that is gone. */
export async function outOfDate() {
  const files = await generatedFiles();
  const stale = [...files].filter(([file, text]) => readIfThere(file) !== text).map(([file]) => file);
  const surplus = pagesThere().filter(file => !files.has(file));
  return [...stale, ...surplus];
}

function withRuleSettings(schema) {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  manifest.contributes.configuration ??= {};
  const { configuration } = manifest.contributes;
  const sections = Array.isArray(configuration) ? configuration : [configuration];
  const holder =
    sections.find(section => section.properties?.["nixDeploy.rules"] !== undefined) ?? sections[0];
  holder.properties ??= {};
  holder.properties["nixDeploy.rules"] = schema;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readIfThere(file) {
  try {
    return readFileSync(path.join(root, file), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function pagesThere() {
  mkdirSync(path.join(root, PAGES), { recursive: true });
  return readdirSync(path.join(root, PAGES)).map(name => `${PAGES}/${name}`);
}

async function run() {
  if (process.argv.includes("--check")) {
    const stale = await outOfDate();
    if (stale.length === 0) return;
    console.error(`out of date: ${stale.join(", ")}; run npm run generate`);
    process.exitCode = 1;
    return;
  }
  const files = await generatedFiles();
  for (const file of pagesThere()) if (!files.has(file)) rmSync(path.join(root, file));
  for (const [file, text] of files) {
    if (readIfThere(file) !== text) writeFileSync(path.join(root, file), text);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await run();
