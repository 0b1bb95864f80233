// The pages of the rules as Markdown, made from their metadata: docs/rules and `nix-deploy rules CODE` show them.

import type { Example, Rule, RuleCategory, RuleMeta } from "./rule";

const HEADINGS: Readonly<Record<RuleCategory, string>> = {
  keys: "Keys",
  caches: "Caches",
  settings: "Nix settings",
  ssh: "Serving the store over SSH",
  "deploy-rs": "deploy-rs",
  colmena: "Colmena, nixos-rebuild and others",
  evaluation: "Evaluation",
};

const FIXES: Readonly<Record<RuleMeta["fix"], string>> = {
  none: "no quick fix",
  sometimes: "quick fix where what was meant is certain",
  always: "quick fix",
};

/** One rule's page. */
export function rulePage(meta: RuleMeta): string {
  const { docs } = meta;
  return [
    `# ${meta.code}`,
    `${docs.summary}.`,
    `*${capitalised(meta.severity)} by default, ${FIXES[meta.fix]}, since ${meta.since}.*`,
    docs.why,
    "## Wrong",
    ...docs.bad.flatMap(exampleBlocks),
    "## Right",
    ...docs.good.flatMap(exampleBlocks),
    "## Changing it",
    `Set another severity or \`off\` under \`nixDeploy.rules\` in the settings, or write \`# nix-deploy: ignore ${meta.code}\` on the line or the one above; the quick fix *Ignore ${meta.code} here* does that.`,
  ]
    .join("\n\n")
    .concat("\n");
}

/** The list of all rules, by category. */
export function rulesIndex(rules: readonly Rule[]): string {
  const sections = Object.entries(HEADINGS).flatMap(([category, heading]) => {
    const own = rules.filter(({ meta }) => meta.category === category);
    if (own.length === 0) return [];
    const rows = own.map(
      ({ meta }) =>
        `| [${meta.code}](${meta.code}.md) | ${meta.severity} | ${meta.docs.summary.replaceAll("|", "\\|")} | ${meta.fix} |`,
    );
    return [
      `## ${heading}`,
      ["| rule | severity | what | fix |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    ];
  });
  const intro = `${rules.length} rules. Their severities are set under \`nixDeploy.rules\`; a comment \`# nix-deploy: ignore CODE\` on the line or the line above silences one place.`;
  return ["# Rules", intro, ...sections].join("\n\n").concat("\n");
}

/** An example in one block, as far as it is written in one language, and what is known beside its files. */
function exampleBlocks(example: Example): string[] {
  const files = typeof example === "string" ? { "configuration.nix": example } : example;
  const byLanguage = new Map<string, string[]>();
  for (const [name, text] of Object.entries(files)) {
    if (name === TRACKED || name === OBSERVED) continue;
    const title = name === "configuration.nix" ? "" : `# ${name}\n`;
    const language = languageOf(name);
    byLanguage.set(language, [...(byLanguage.get(language) ?? []), `${title}${text.trim()}`]);
  }
  const blocks = [...byLanguage].map(([language, texts]) => fenced(language, texts.join("\n\n")));
  const tracked = files[TRACKED]?.trim().split("\n");
  const observed = files[OBSERVED];
  if (tracked !== undefined)
    blocks.push(`where Git tracks ${tracked.map(name => `\`${name}\``).join(" and ")}`);
  if (observed !== undefined) blocks.push("where the hosts were asked, and said", fenced("json", observed));
  return blocks;
}

/** Files of examples that stand for something else: see the test harness. */
const TRACKED = ".git/index";
const OBSERVED = "observed.json";

function languageOf(name: string): string {
  if (name.endsWith(".conf")) return "conf";
  if (name.endsWith(".yml")) return "yaml";
  if (name.endsWith(".sh")) return "sh";
  return name.endsWith(".nix") ? "nix" : "make";
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
