// syntax: text that is not Nix.

import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "syntax",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  language: true,
  docs: {
    summary: "A file is not valid Nix",
    why: `Nix stops with \`syntax error\` when it reads the file. Reported only where no other extension for Nix is active, or with
\`nixDeploy.languageDiagnostics\` set to \`on\`, and not in a template with \`@placeholders@\` or \`{{ placeholders }}\`, which becomes Nix later,
nor in an editor's snippet with tab stops.`,
    bad: ["{ nix.settings.substituters = [ ]; nix.gc = ; }"],
    good: ["{ nix.settings.substituters = [ ]; }"],
  },
};

/** What `replaceVars` and the like fill in before anybody reads the file as Nix. */
const PLACEHOLDER = /^@[A-Za-z_][\w-]*@/;

/** What Jinja and its kin fill in. */
const TAG = /\{\{[-~]?\s*[\w.]+[^{}=;\n]*\}\}|\{%[-+~]?\s*\w+[^{}\n]*%\}/;
/** Strings and comments, where the tags of other programs may stand in good Nix. */
const NOT_CODE = /"(?:[^"\\]|\\[\s\S])*"|''(?:[^']|'(?!')|''['$\\])*''|#.*|\/\*[\s\S]*?\*\//g;

/** Where editors keep what they insert, with tab stops such as `$0` and `${1:name}`. */
const SNIPPETS = /\/snippets?\//;
const TAB_STOP = /\$(?:\d|\{\d+[:|}])/;

export const syntaxRule: Rule = {
  meta,
  checkFile({ facts, textOf }, report) {
    const text = textOf(facts.path) ?? "";
    const wrong = (facts.refused ?? []).filter(({ kind }) => kind === "syntax");
    if (wrong.some(({ span }) => PLACEHOLDER.test(text.slice(span.start, span.start + 80)))) return;
    if (wrong.length > 0 && TAG.test(text.replace(NOT_CODE, ""))) return;
    if (wrong.length > 0 && SNIPPETS.test(facts.path) && TAB_STOP.test(text)) return;
    for (const { message, span } of wrong) report({ span, message });
  },
};
