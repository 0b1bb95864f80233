// deploy-unknown-setting: a name in the deploy output that deploy-rs does not know at that level.

import { type DeployLevel, deployOptions } from "../knowledge/deployRs";
import { nearest } from "../knowledge/editDistance";
import { coversSpan, renameName } from "./attributeFixes";
import { type DeploySettings, deploySettings } from "./deployLevels";
import { nodeFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-unknown-setting",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A setting has a name that deploy-rs does not know at this level and ignores without a word",
    why: `Neither deploy-rs nor its check \`deploy-schema\` refuses names that they do not know, so a misspelt \`magicRolback = false\` or a
\`hostname\` inside of a profile has no effect at all. Settings such as \`sshUser\` may stand at all three levels; \`hostname\`, \`profiles\` and
\`profilesOrder\` belong to a node, \`path\` and \`profilePath\` to a profile.`,
    bad: [nodeFlake("magicRolback = false;")],
    good: [nodeFlake("magicRollback = false;")],
  },
};

export const deployUnknownSetting: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const settings of deploySettings(ctx.fleet)) {
      for (const [name, { nameSpan }] of settings.set.entries) {
        if (isKnown(settings.level, name)) continue;
        const near = nearest(name, namesAt(settings.level));
        if (near === undefined && isOfAnotherTool(settings)) continue;
        report({
          span: nameSpan,
          message: `deploy-rs knows no setting "${name}" ${PLACES[settings.level]} and ignores it${hint(name, near)}`,
          fixes: fixesOf(ctx, settings, name, near),
        });
      }
    }
  },
};

const LEVELS: readonly DeployLevel[] = ["deploy", "node", "profile"];

const PLACES: Readonly<Record<DeployLevel, string>> = {
  deploy: "directly under deploy",
  node: "in a node",
  profile: "in a profile",
};

/** Newer revisions of deploy-rs, and names that only Nix looks at. */
const LEFT_ALONE: ReadonlySet<string> = new Set(["compress", "recurseForDerivations"]);

/** Other tools have an output `deploy` too; that of deploy-rs has nodes. */
function isOfAnotherTool({ level, set }: DeploySettings): boolean {
  return level === "deploy" && !set.entries.has("nodes");
}

function namesAt(level: DeployLevel): readonly string[] {
  return deployOptions(level).map(option => option.name);
}

function isKnown(level: DeployLevel, name: string): boolean {
  return name.startsWith("_") || LEFT_ALONE.has(name) || namesAt(level).includes(name);
}

function hint(name: string, near: string | undefined): string {
  const elsewhere = LEVELS.find(level => namesAt(level).includes(name));
  if (elsewhere !== undefined) return `; it belongs ${PLACES[elsewhere].replace(/^in a/, "into a")}`;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/** Renaming is safe unless the right name is set there already, and impossible where both stand in one literal. */
function fixesOf(
  ctx: FleetContext,
  { set, level }: DeploySettings,
  name: string,
  near: string | undefined,
): readonly Fix[] {
  const elsewhere = LEVELS.some(other => other !== level && namesAt(other).includes(name));
  if (near === undefined || elsewhere) return [];
  const { nameSpan } = set.entries.get(name) ?? {};
  if (nameSpan === undefined) return [];
  const other = set.entries.get(near)?.nameSpan;
  if (other !== undefined && coversSpan(set.span, other) && coversSpan(set.span, nameSpan)) return [];
  const safety = other === undefined ? "safe" : "review";
  return renameName(ctx, nameSpan, name, near, { title: `Rename to ${near}`, safety });
}
