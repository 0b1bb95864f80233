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
    `Set another severity or \`off\` under \`nixDeploy.rules\` in the settings, or write \`# nix-deploy: ignore ${meta.code}\` on the line or the one above.`,
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

function exampleBlocks(example: Example): string[] {
  const files = typeof example === "string" ? { "configuration.nix": example } : example;
  return Object.entries(files).map(([name, text]) => {
    const conf = name.endsWith(".conf");
    const title = name === "configuration.nix" ? "" : `# ${name}\n`;
    return `\`\`\`${conf ? "conf" : "nix"}\n${title}${text.trim()}\n\`\`\``;
  });
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
