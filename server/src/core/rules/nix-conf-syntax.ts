// nix-conf-syntax: a line that is not in the grammar of nix.conf.

import { spanInText } from "../eval/datum";
import type { ConfFact } from "../facts/facts";
import { type NixConfProblem, type NixConfProblemKind, parseNixConf } from "../formats/nixConf";
import { replaceInText } from "./entryFixes";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

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
the build of the system.`,
    bad: [
      { "nix.conf": "substituters=https://cache.example.org" },
      "{ nix.extraOptions = ''\n  substituters = https://a.example.org\n    https://b.example.org\n''; }",
    ],
    good: [{ "nix.conf": "substituters = https://cache.example.org\n# a comment\n!include local.conf" }],
  },
};

export const nixConfSyntax: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const conf of ctx.facts.confs) {
      for (const line of parseNixConf(conf.text.text)) {
        if (line.kind !== "problem") continue;
        report({
          span: spanInText(conf.text, line.at.start, line.at.end),
          message: `${WORDS[line.problem]}${whereClause(conf.conditions)}: ${consequence(conf)}`,
          fixes: fixesOf(ctx, conf, line),
        });
      }
    }
  },
};

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

function fixesOf(ctx: FileContext, { text }: ConfFact, { mend, problem }: NixConfProblem): readonly Fix[] {
  const edits = mend === undefined ? undefined : replaceInText(ctx, text, mend, mend.newText);
  const title = problem === "continued-line" ? "Join the lines" : "Put blanks around =";
  return edits === undefined ? [] : [{ title, safety: "safe", edits }];
}
