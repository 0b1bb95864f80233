// Evaluates texts in memory, for tests of the evaluator: the one place of the tests that knows how it is called.

import type { Evaluation } from "../../server/src/core/eval/evaluation";
import { createEvaluator, type EvaluatorOptions } from "../../server/src/core/eval/evaluator";
import { memoryFiles } from "../../server/src/core/eval/files";
import { printValue } from "../../server/src/core/eval/printValue";
import type { Value } from "../../server/src/core/eval/value";
import { evaluatorPorts } from "../../server/src/io/evaluatorPorts";
import { loadParser } from "../../server/src/io/grammar";

const parser = await loadParser();

export interface Evaluated {
  readonly value: Value;
  readonly ctx: Evaluation;
}

/** The value of /repo/main.nix (or of the only text), with the other files around it. */
export function evaluate(
  source: string | Readonly<Record<string, string>>,
  options: EvaluatorOptions = {},
): Evaluated {
  const files = typeof source === "string" ? { "main.nix": source } : source;
  const texts = new Map(Object.entries(files).map(([name, text]) => [`/repo/${name}`, text]));
  const port = memoryFiles(texts, ["/repo"]);
  const ports = evaluatorPorts((path, text) => parser.parse(path, text), port);
  return createEvaluator(ports, options).evaluateFile("/repo/main.nix");
}

/** The value in Nix's syntax; `<unknown: reason>`, `<error kind: message>` or `<alternatives>` for what is none. */
export function evaluated(
  source: string | Readonly<Record<string, string>>,
  options: EvaluatorOptions = {},
): string {
  const { value, ctx } = evaluate(source, options);
  return shown(ctx, value);
}

export function shown(ctx: Evaluation, value: Value): string {
  const printed = printValue(ctx, value);
  if (typeof printed === "string") return printed;
  switch (printed.kind) {
    case "unknown":
      return `<unknown: ${printed.reason}>`;
    case "error":
      return `<error ${printed.error}: ${printed.message}>`;
    case "alternatives":
      return `<${printed.branches
        .map(({ conditions, value: branch }) => {
          const when = conditions.map(({ text, negated }) => (negated ? `not ${text}` : text)).join(" and ");
          return `${shown(ctx, branch)} if ${when}`;
        })
        .join(" | ")}>`;
  }
}
