// setting-wrong-type: a value that the setting or option cannot take.

import { branchesOf, type Datum, knownText } from "../eval/datum";
import type { OptionFact, SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { findLegacyOption } from "../knowledge/legacyOptions";
import { findNixosOption } from "../knowledge/nixosOptions";
import { findSetting, type NixSetting } from "../knowledge/nixSettings";
import { meantValue, type SettingValueProblem, settingValueProblem } from "../knowledge/settingValue";
import { describeType, findWrongPart, type ValueType } from "../knowledge/valueType";
import { editsAt, replaceInText } from "./entryFixes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";
import { valueInWords } from "./valueWording";

const meta: RuleMeta = {
  code: "setting-wrong-type",
  category: "settings",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A setting has a value of a type that it cannot take",
    why: `For an option with a type the module system stops: \`\`A definition for option … is not of type \`list of string'\`\`. For others the text
reaches nix.conf, where \`Boolean setting 'keep-outputs' has invalid value 'maybe'\` or \`setting 'connect-timeout' has invalid value 'five'\`
makes **every** nix command fail. A setting without a type of its own is a text or a list: one of each in two modules, or two different
values, stop the evaluation too (\`conflicting definition values\`).`,
    bad: [
      '{ nix.settings.substituters = "https://cache.example.org"; }',
      '{ nix.settings.require-sigs = "false"; }',
      { "nix.conf": "connect-timeout = five" },
    ],
    good: [
      '{ nix.settings.substituters = [ "https://cache.example.org" ]; }',
      "{ nix.settings.connect-timeout = 5; }",
    ],
  },
};

export const settingWrongType: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.options) {
      const type = typeOf(fact);
      if (type !== undefined) checkOption(ctx, fact, type, report);
    }
    for (const fact of ctx.facts.settings) {
      const { setting } = findSetting(fact.written) ?? {};
      if (setting !== undefined && !isTypedOption(fact)) checkSetting(ctx, fact, setting, report);
    }
  },
  checkFleet(ctx, report) {
    reportForHosts(ctx.fleet.hosts.flatMap(checkTogether), report);
  },
};

/** Definitions of several modules that do not merge: a text and a list, or two different values. */
function checkTogether(host: Host): readonly HostFinding[] {
  const byName = new Map<string, OptionFact[]>();
  for (const fact of host.options) {
    const [root, second, name = "", ...rest] = fact.option;
    const isFree = root === "nix" && second === "settings" && name !== "" && rest.length === 0;
    if (!isFree || findNixosOption(fact.option) !== undefined || fact.conditions.length > 0) continue;
    byName.set(name, [...(byName.get(name) ?? []), fact]);
  }
  return [...byName].flatMap(([name, all]): HostFinding[] => {
    const level = Math.min(...all.map(({ priority }) => priority.level));
    const facts = all.filter(({ priority }) => priority.level === level);
    const [first] = facts;
    const other = facts.find(fact => first !== undefined && clash(first.value, fact.value));
    if (first === undefined || other === undefined) return [];
    return [
      {
        span: other.value.span,
        host,
        before: `nix.settings.${name} is ${valueInWords(other.value)} here and ${valueInWords(first.value)} in another module of `,
        after: ": the definitions do not merge, so the configuration cannot be evaluated",
        related: [{ span: first.value.span, message: "the other definition" }],
      },
    ];
  });
}

/** Whether two definitions certainly do not merge: lists join, equal values are one. */
function clash(a: Datum, b: Datum): boolean {
  const [one, other] = [plain(a), plain(b)];
  return one !== undefined && other !== undefined && one !== other;
}

/** "list", or the value itself; undefined where it is not known. */
function plain(datum: Datum): string | undefined {
  if (datum.kind === "list") return "list";
  if (datum.kind === "scalar") return `scalar ${String(datum.value)}`;
  const text = datum.kind === "text" ? knownText(datum) : undefined;
  return text === undefined ? undefined : `text ${text}`;
}

const TYPED_SETS: ReadonlySet<string> = new Set(["settings", "sshServe", "gc"]);
const TYPED_OPTIONS: ReadonlySet<string> = new Set([
  "extraOptions",
  "checkConfig",
  "checkAllErrors",
  "distributedBuilds",
]);

/** The type of an option whose type we are certain of in all versions of NixOS. */
function typeOf({ option }: OptionFact): ValueType | undefined {
  const [root, second = "", third] = option;
  if (root !== "nix") return undefined;
  if (third !== undefined) return TYPED_SETS.has(second) ? findNixosOption(option)?.type : undefined;
  const setting = findLegacyOption(second)?.setting;
  if (setting !== undefined) return findNixosOption(["nix", "settings", setting])?.type;
  return TYPED_OPTIONS.has(second) ? findNixosOption(option)?.type : undefined;
}

function isTypedOption({ surface, written }: SettingFact): boolean {
  if (surface === "legacy-option") return true;
  return surface === "option" && findNixosOption(["nix", "settings", written]) !== undefined;
}

function checkOption(
  ctx: FileContext,
  { option, value, conditions }: OptionFact,
  type: ValueType,
  report: Report,
): void {
  for (const branch of branchesOf(value, conditions)) {
    const wrong = findWrongPart(type, branch.value);
    if (wrong === undefined) continue;
    report({
      span: wrong.span,
      message: `${option.join(".")} takes ${describeType(type)}, ${wrong === branch.value ? "not" : "and this item is"} ${valueInWords(wrong)}${whereClause(branch.conditions)}: the configuration cannot be evaluated`,
      fixes: wrong === branch.value ? fixesOf(ctx, wrong, type) : [],
    });
  }
}

function fixesOf(ctx: FileContext, wrong: Datum, type: ValueType): readonly Fix[] {
  const typed = ctx.textOf(wrong.span.path)?.slice(wrong.span.start, wrong.span.end);
  if (typed === undefined || wrong.kind !== "text" || !/^"[^"\\$]*"$/.test(typed)) return [];
  const text = typed.slice(1, -1);
  if (typeof type === "object" && "listOf" in type && type.listOf === "str") {
    // Blanks separate in nix.conf, so several words are several items.
    const items = text.split(/\s+/).filter(word => word !== "");
    const list = `[ ${items.map(item => `"${item}"`).join(" ")} ]`;
    return [{ title: "Put it in a list", safety: "safe", edits: editsAt(wrong.span, list) }];
  }
  const bare = (type === "bool" && /^(true|false)$/.test(text)) || (type === "int" && /^\d+$/.test(text));
  return bare ? [{ title: `Write ${text}`, safety: "safe", edits: editsAt(wrong.span, text) }] : [];
}

/** Settings that reach nix.conf as text, whatever type they were written in. */
function checkSetting(ctx: FileContext, fact: SettingFact, setting: NixSetting, report: Report): void {
  for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
    const text = textInConf(value);
    const problem = text === undefined ? undefined : settingValueProblem(setting, [text]);
    if (text === undefined || problem === undefined) continue;
    report({
      span: value.span,
      message: `${fact.written} takes ${wanted(setting, problem)}, not "${text}"${whereClause(conditions)}: every nix command fails on it`,
      fixes: meantFix(ctx, value, meantValue(setting, text)),
    });
  }
}

/** How `nix.settings` writes a value to nix.conf; undefined where it is unknown or empty. */
function textInConf(value: Datum): string | undefined {
  if (value.kind === "text") return value.text.trim() === "" ? undefined : value.text.trim();
  return value.kind === "scalar" && value.value !== null ? String(value.value) : undefined;
}

function wanted(setting: NixSetting, problem: SettingValueProblem): string {
  if (problem === "not-a-boolean") return "true or false";
  return problem === "not-an-integer" ? "a number" : `one of ${(setting.values ?? []).join(", ")}`;
}

function meantFix(ctx: FileContext, value: Datum, meant: string | undefined): readonly Fix[] {
  if (meant === undefined || value.kind !== "text") return [];
  const edits = replaceInText(ctx, value, { start: 0, end: value.text.length }, meant);
  return edits === undefined ? [] : [{ title: `Write ${meant}`, safety: "safe", edits }];
}
