// nix-conf-syntax: a line that is not in the grammar of nix.conf.

import { branchesOf, spanInText, type TextDatum } from "../eval/datum";
import type { ConfFact, SettingFact } from "../facts/facts";
import { type NixConfProblem, type NixConfProblemKind, parseNixConf } from "../formats/nixConf";
import { findNixosOption } from "../knowledge/nixosOptions";
import { findSetting } from "../knowledge/nixSettings";
import { editsAt, isPlain, replaceInText } from "./entryFixes";
import { BROKEN_LINE, isWrittenToConf } from "./lineBreaks";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "nix-conf-syntax",
  category: "settings",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A line is not in the grammar of nix.conf",
    why: `A setting is one line \`name = value\`, with blanks around the \`=\`. There is no quoting and no continuation, neither by a backslash nor by
indentation; lists go on in a line \`extra-name = …\`. One wrong line makes **every** nix command fail:
\`error: syntax error in configuration line\` (before Nix 2.24: \`illegal configuration line\`). In \`nix.extraOptions\` the check of nix.conf stops
the build of the system. The same goes for a text of several lines that is given to one setting of \`nix.settings\`.`,
    bad: [
      { "nix.conf": "substituters=https://cache.example.org" },
      "{ nix.settings.experimental-features = ''\n  nix-command\n  flakes\n''; }",
      "{ nix.extraOptions = ''\n  substituters = https://a.example.org\n    https://b.example.org\n''; }",
    ],
    good: [{ "nix.conf": "substituters = https://cache.example.org\n# a comment\n!include local.conf" }],
  },
};

export const nixConfSyntax: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const conf of ctx.facts.confs) {
      let before: string | undefined;
      for (const line of parseNixConf(conf.text.text)) {
        if (line.kind === "setting") before = line.name.text;
        if (line.kind !== "problem") continue;
        report({
          span: spanInText(conf.text, line.at.start, line.at.end),
          message: `${WORDS[line.problem]}${whereClause(conf.conditions)}: ${consequence(conf)}`,
          fixes: fixesOf(ctx, conf, line, before),
        });
      }
    }
    for (const fact of ctx.facts.settings) checkSetting(ctx, fact, report);
  },
};

/** A text of several lines given to one setting. */
function checkSetting(ctx: FileContext, fact: SettingFact, report: Report): void {
  // What has a type of its own in NixOS takes a list: setting-wrong-type.
  if (!isWrittenToConf(fact) || findNixosOption(["nix", "settings", fact.written]) !== undefined) return;
  for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
    const at = value.kind === "text" ? value.text.trimEnd().indexOf("\n") : -1;
    if (value.kind !== "text" || at < 0) continue;
    report({
      span: spanInText(value, at, at + 1),
      message: `the value of ${fact.written} holds a line break${whereClause(conditions)}: ${BROKEN_LINE}`,
      fixes: asList(ctx, fact, value),
    });
  }
}

/** The words of the text as a list, where the setting takes one and the text is one literal. */
function asList(ctx: FileContext, { written }: SettingFact, { span, text }: TextDatum): readonly Fix[] {
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
  const isLiteral = /^''[^']*''$|^"[^"\\]*"$/.test(typed) && !typed.includes("${");
  const words = text.split(/\s+/).filter(word => word !== "");
  if (!isLiteral || findSetting(written)?.setting.listValued !== true || !words.every(isPlain)) return [];
  const list = `[ ${words.map(word => `"${word}"`).join(" ")} ]`;
  return [{ title: "Make it a list", safety: "safe", edits: editsAt(span, list) }];
}

const WORDS: Readonly<Record<NixConfProblemKind, string>> = {
  "no-blanks-around-equals": "nix.conf wants blanks around =",
  "continued-line": "nix.conf has no continued lines",
  "bad-include": "include takes exactly one file",
  "no-equals": "this is no `name = value`",
};

function consequence({ surface }: ConfFact): string {
  return surface === "nix.conf"
    ? "every nix command fails on this line"
    : "the check of nix.conf stops the build, and without it every nix command on the host fails";
}

/** `before` is the setting that a continued line would belong to: only a list takes more words. */
function fixesOf(
  ctx: FileContext,
  { text }: ConfFact,
  { mend, problem }: NixConfProblem,
  before: string | undefined,
): readonly Fix[] {
  const isList = findSetting(before ?? "")?.setting.listValued === true;
  if (problem === "continued-line" && !isList) return [];
  const edits = mend === undefined ? undefined : replaceInText(ctx, text, mend, mend.newText);
  const title = problem === "continued-line" ? "Join the lines" : "Put blanks around =";
  return edits === undefined ? [] : [{ title, safety: "safe", edits }];
}
