// setting-wrong-type: a value that the setting or option cannot take.

import { type AttrsDatum, branchesOf, type Datum } from "../eval/datum";
import type { OptionFact, SettingFact } from "../facts/facts";
import { findLegacyOption } from "../knowledge/legacyOptions";
import { findNixosOption } from "../knowledge/nixosOptions";
import { findSetting, type NixSetting } from "../knowledge/nixSettings";
import { meantValue, type SettingValueProblem, settingValueProblem } from "../knowledge/settingValue";
import { describeType, findWrongPart, type ValueType } from "../knowledge/valueType";
import { sameSpan } from "../text/span";
import { editsAt, replaceInText } from "./entryFixes";
import { mayBeHomeManager } from "./homeManager";
import { reportForHosts } from "./hostFindings";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";
import { inList, unmergedDefinitions } from "./unmergedDefinitions";
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
      const type = mayBeHomeManager(ctx, fact.nameSpan) ? undefined : typeOf(fact);
      if (type !== undefined) checkOption(ctx, fact, type, report);
    }
    for (const fact of ctx.facts.settings) {
      const { setting } = findSetting(fact.surface === "legacy-option" ? fact.name : fact.written) ?? {};
      if (isTypedOption(fact) && !mayBeHomeManager(ctx, fact.nameSpan)) {
        // NixOS takes any integer where its type is one; Nix does not
        if (setting?.type === "int") checkSetting(ctx, fact, setting, report, isInteger);
        continue;
      }
      if (setting !== undefined) checkSetting(ctx, fact, setting, report);
      if (fact.surface === "option") checkAtom(fact, report);
    }
  },
  checkFleet(ctx, report) {
    reportForHosts(
      ctx.fleet.hosts.flatMap(host => unmergedDefinitions(ctx, host)),
      report,
    );
  },
};

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
      message: `${option.join(".")} takes ${withArticle(describeType(type))}, ${wrong === branch.value ? "not" : "and this item is"} ${valueInWords(wrong)}${whereClause(branch.conditions)}: the configuration cannot be evaluated`,
      fixes: wrong === branch.value ? fixesOf(ctx, wrong, type) : [],
    });
  }
}

function withArticle(type: string): string {
  if (/^(null|one of)\b/.test(type)) return type;
  return `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}

function fixesOf(ctx: FileContext, wrong: Datum, type: ValueType): readonly Fix[] {
  if (typeof type === "object" && "listOf" in type && type.listOf === "str") return inList(ctx, wrong);
  const typed = ctx.textOf(wrong.span.path)?.slice(wrong.span.start, wrong.span.end) ?? "";
  const bare = /^"(true|false|\d+)"$/.exec(typed)?.[1];
  if (bare === undefined) return [];
  const value = /^\d/.test(bare) ? BigInt(bare) : bare === "true";
  if (findWrongPart(type, { kind: "scalar", span: wrong.span, value }) !== undefined) return [];
  return [{ title: `Write ${bare}`, safety: "safe", edits: editsAt(wrong.span, bare) }];
}

/** A setting without a type of its own takes text, or a list of it. */
function checkAtom({ written, value, conditions }: SettingFact, report: Report): void {
  for (const branch of branchesOf(value, conditions)) {
    const { kind } = branch.value;
    const isSet = branch.value.kind === "attrs" && branch.value.complete && !isPackage(branch.value);
    if (kind !== "function" && !isSet) continue;
    report({
      span: branch.value.span,
      message: `nix.settings.${written} takes text or a list, not ${valueInWords(branch.value)}${whereClause(branch.conditions)}: the configuration cannot be evaluated`,
    });
  }
}

/** What becomes text by itself. */
function isPackage({ entries }: AttrsDatum): boolean {
  return ["outPath", "type", "_type", "__toString", "__functor"].some(name => entries.has(name));
}

/** Settings that reach nix.conf as text, whatever type they were written in. */
function checkSetting(
  ctx: FileContext,
  fact: SettingFact,
  setting: NixSetting,
  report: Report,
  /** Which values it is asked about; all of them if absent. */
  among: (value: Datum) => boolean = () => true,
): void {
  for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
    const text = among(value) ? textInConf(value) : undefined;
    const problem = text === undefined ? undefined : settingValueProblem(setting, [text]);
    if (text === undefined || problem === undefined || isRefused(ctx, value)) continue;
    report({
      span: value.span,
      message: `${fact.written} takes ${wanted(setting, problem)}, not "${text}"${whereClause(conditions)}: ${CONSEQUENCES[fact.surface]}`,
      fixes: meantFix(ctx, value, meantValue(setting, text)),
    });
  }
}

function isInteger(value: Datum): boolean {
  return value.kind === "scalar" && typeof value.value === "bigint";
}

/** What nixconfig-not-literal reports. */
function isRefused({ facts }: FileContext, { span }: Datum): boolean {
  return facts.computedFlakeConfig.some(computed => sameSpan(computed.span, span));
}

const STOPS_BUILD =
  "the check of nix.conf stops the build, and without it every nix command on the host fails";

const CONSEQUENCES: Readonly<Record<SettingFact["surface"], string>> = {
  option: STOPS_BUILD,
  "legacy-option": STOPS_BUILD,
  "option-text": STOPS_BUILD,
  flake: "every nix command that accepts this nixConfig fails on it",
  "nix.conf": "every nix command fails on it",
};

/** How `nix.settings` writes a value to nix.conf; undefined where it is unknown or empty. */
function textInConf(value: Datum): string | undefined {
  if (value.kind === "text") return value.text.trim() === "" ? undefined : value.text.trim();
  return value.kind === "scalar" && value.value !== null ? String(value.value) : undefined;
}

function wanted(setting: NixSetting, problem: SettingValueProblem): string {
  if (problem === "not-a-boolean") return "true or false";
  if (problem === "not-an-integer") return setting.unsigned === true ? "a number from 0 up" : "a number";
  return `one of ${(setting.values ?? []).join(", ")}`;
}

function meantFix(ctx: FileContext, value: Datum, meant: string | undefined): readonly Fix[] {
  if (meant === undefined || value.kind !== "text") return [];
  const edits = replaceInText(ctx, value, { start: 0, end: value.text.length }, meant);
  return edits === undefined ? [] : [{ title: `Write ${meant}`, safety: "safe", edits }];
}
