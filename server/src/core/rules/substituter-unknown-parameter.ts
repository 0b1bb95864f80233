// substituter-unknown-parameter: a query parameter that the store does not have, or a value that it does not take.

import { spanInText } from "../eval/datum";
import { findStoreParameter, findStoreScheme, type ParameterType } from "../formats/storeScheme";
import { parseStoreUrl, type StoreUrlProblem } from "../formats/storeUrl";
import { replaceRange, type TextRange } from "../formats/textPart";
import { nearest } from "../knowledge/editDistance";
import { replaceInText } from "./entryFixes";
import { type SettingEntry, SUBSTITUTERS, urlEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-unknown-parameter",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary:
      "A substituter has a parameter that its kind of store does not have, or a value that it does not take",
    why: `Nix ignores an unknown parameter with \`warning: unknown setting 'priorty'\`, so the cache keeps its default. A value of the wrong type
is worse: \`setting 'priority' has invalid value 'low'\`, and the cache is skipped. Booleans are \`true\` and \`false\` in lower case.
Keys do not belong in the URL but in \`trusted-public-keys\`.`,
    bad: [
      '{ nix.settings.substituters = [ "https://cache.example.org?priorty=10" ]; }',
      '{ nix.settings.substituters = [ "https://cache.example.org?priority=low" ]; }',
    ],
    good: ['{ nix.settings.substituters = [ "https://cache.example.org?priority=10" ]; }'],
  },
};

export const substituterUnknownParameter: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url, problems } = parseStoreUrl(entry.datum.text);
      if (url === undefined) continue;
      for (const problem of problems) {
        const what = whatIsWrong(entry.datum.text, url.scheme, problem);
        if (what === undefined) continue;
        const near = nearestParameter(entry.datum.text, url.scheme, problem);
        report({
          span: spanInText(entry.datum, problem.start, problem.end),
          message: `${what}${whereClause(entry.conditions)}${near === undefined ? "" : `; did you mean ${near}?`}`,
          fixes: near === undefined ? [] : renamed(ctx, entry, problem, near),
        });
      }
    }
  },
};

function whatIsWrong(text: string, scheme: string, problem: StoreUrlProblem): string | undefined {
  const part = text.slice(problem.start, problem.end);
  switch (problem.kind) {
    case "unknown-parameter":
      return `${scheme} stores have no parameter "${part}", so Nix ignores it`;
    case "parameter-without-value":
      return `the parameter "${part}" has no value, so Nix ignores it`;
    case "parameter-value": {
      const name = /([^?&=]*)=$/.exec(text.slice(0, problem.start))?.[1] ?? "";
      const type = findStoreParameter(scheme, name)?.type;
      return `${name} takes ${type === undefined ? "another value" : wordsFor(type)}, not "${part}", so Nix ${typeof type === "object" ? "2.34 and newer skip" : "skips"} this cache`;
    }
    default:
      return undefined;
  }
}

function wordsFor(type: ParameterType): string {
  if (type === "bool") return "true or false";
  if (type === "int") return "a number";
  return typeof type === "string" ? `a ${type}` : `one of ${type.join(", ")}`;
}

/** The name that was meant, if it takes the value that stands there. */
function nearestParameter(text: string, scheme: string, problem: StoreUrlProblem): string | undefined {
  if (problem.kind !== "unknown-parameter") return undefined;
  const names = findStoreScheme(scheme)?.parameters.map(parameter => parameter.name) ?? [];
  const near = nearest(text.slice(problem.start, problem.end), names);
  return near !== undefined && isBetter(text, replaceRange(text, problem, near)) ? near : undefined;
}

function renamed(ctx: FileContext, { datum }: SettingEntry, at: TextRange, name: string): readonly Fix[] {
  const edits = replaceInText(ctx, datum, at, name);
  return edits === undefined ? [] : [{ title: `Rename to ${name}`, safety: "review", edits }];
}

function isBetter(before: string, after: string): boolean {
  return parseStoreUrl(after).problems.length < parseStoreUrl(before).problems.length;
}
