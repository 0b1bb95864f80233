// Evaluation errors as findings: what Nix would say, what cannot be deployed because of it, and the way there.

import type { EvaluationProblem } from "../fleet/fleet";
import { sameSpan } from "../text/span";
import type { Draft, Fix, FleetContext, Related } from "./rule";

/** So many steps of the way are shown. */
const MAX_RELATED = 5;

/** The errors on the way to something that is deployed; a flake that only has packages or modules is not our business. */
export function deployProblems(ctx: FleetContext): readonly EvaluationProblem[] {
  return ctx.fleet.problems.filter(
    ({ attrPath, entryPoint }) =>
      !TEMPLATE.test(entryPoint) &&
      (attrPath[0] !== "outputs" || DEPLOYING.test(ctx.textOf(entryPoint) ?? "")),
  );
}

/** Templates for `nix flake init` are completed by whoever uses them. */
const TEMPLATE = /\/templates?\//;

const DEPLOYING = /\b(nixosConfigurations|darwinConfigurations|deploy|colmena|colmenaHive|nixosSystem)\b/;

/** Nix's message with the name under which the function was defined, as newer versions of Nix say it. */
export function withFunctionName(ctx: FleetContext, { message, subject }: EvaluationProblem): string {
  const declared = subject?.declared;
  const before = declared === undefined ? "" : (ctx.textOf(declared.path)?.slice(0, declared.start) ?? "");
  const name = /([A-Za-z_][\w'-]*)\s*=\s*$/.exec(before)?.[1];
  const file =
    declared !== undefined && /^(\s|#.*)*$/.test(before) ? declared.path.split("/").at(-1) : undefined;
  if (name !== undefined) return message.replace("'anonymous lambda'", `'${name}'`);
  return file === undefined
    ? message
    : message.replace("function 'anonymous lambda'", `the function of ${file} is`);
}

/** A finding with Nix's message and its consequence. */
export function problemDraft(
  { span, trace, attrPath, entryPoint }: EvaluationProblem,
  message: string,
  fixes: readonly Fix[] = [],
): Draft {
  const related = trace
    .filter((step, at) => ![span, ...trace.slice(0, at)].some(each => sameSpan(each, step)))
    .slice(0, MAX_RELATED)
    .map((step): Related => ({ span: step, message: "on the way from here" }));
  const what = attrPath.length === 0 ? entryPoint.slice(entryPoint.lastIndexOf("/") + 1) : attrPath.join(".");
  return { span, message: `${message}: ${what} cannot be evaluated`, related, fixes };
}
