// Which evaluation errors are about a configuration that a deploy node names and the flake does not have. They get a rule
// of their own, so the general one about attributes leaves them alone.

import type { EvaluationProblem } from "../fleet/fleet";
import type { FileContext } from "./rule";

type Texts = Pick<FileContext, "textOf">;

export interface MissingConfiguration {
  /** `nixosConfigurations` where a configuration is missing; undefined where the output's own name is wrong. */
  readonly output: string | undefined;
  readonly name: string;
}

const OUTPUTS = ["nixosConfigurations", "darwinConfigurations", "homeConfigurations"];

/** What is missing; undefined for any other error. */
export function missingConfiguration(
  ctx: Texts,
  { kind, attrPath, subject, span }: EvaluationProblem,
): MissingConfiguration | undefined {
  if (kind !== "missing-attribute" || attrPath[0] !== "deploy" || subject === undefined) return undefined;
  if (subject.candidates.includes("sourceInfo") && OUTPUTS.some(output => isMeant(subject.name, output)))
    return { output: undefined, name: subject.name };
  const text = ctx.textOf(span.path) ?? "";
  const before = text.slice(Math.max(0, span.start - 80), span.start);
  const output = /\b(\w+Configurations)\s*\.\s*$/.exec(before)?.[1];
  return output !== undefined && OUTPUTS.includes(output) ? { output, name: subject.name } : undefined;
}

/** The output itself, or what people write for it: `nixosConfiguration`, `nixosconfigurations`. */
function isMeant(name: string, output: string): boolean {
  return name === output.slice(0, -1) || name.toLowerCase() === output.toLowerCase();
}
