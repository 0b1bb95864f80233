// argument-missing: a function is called without an argument that it needs.

import type { EvaluationProblem } from "../fleet/fleet";
import { nearest } from "../knowledge/editDistance";
import type { Span } from "../text/span";
import { insertBinding, quotedName, renameName } from "./attributeFixes";
import { deployProblems, problemDraft, withFunctionName } from "./problemFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(argument: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      mkHost = { name, system }: nixpkgs.lib.nixosSystem { inherit system; modules = [ { networking.hostName = name; } ]; };
    in {
      nixosConfigurations.web = mkHost { name = "web";${argument} };
    };
}`,
  };
}

const meta: RuleMeta = {
  code: "argument-missing",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A function is called without an argument that it needs",
    why: `Nix stops with \`function 'mkHost' called without required argument 'system'\` on the way to something that is deployed. Only calls that
Nix certainly makes are reported. Give the argument, or a default in the function: \`{ name, system ? "x86_64-linux" }\`.`,
    bad: [example("")],
    good: [example(' system = "x86_64-linux";')],
  },
};

export const argumentMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "missing-argument") continue;
      const near = nearest(problem.subject?.name ?? "", problem.subject?.candidates ?? []);
      const hint = near === undefined ? "" : ` (is ${near} meant to be it?)`;
      const message = `${withFunctionName(ctx, problem)}${hint}`;
      report(problemDraft(problem, message, fixesOf(ctx, problem, near)));
    }
  },
};

function fixesOf(
  ctx: FleetContext,
  { subject }: EvaluationProblem,
  near: string | undefined,
): readonly Fix[] {
  if (subject?.given === undefined) return [];
  const { name, given } = subject;
  if (near !== undefined) return renamed(ctx, given, near, name);
  // Nix then stops with what is missing, not with where it is wanted
  const edits = insertBinding(ctx, given, `${quotedName(name)} = throw "${name} is to be filled in";`);
  return edits === undefined ? [] : [{ title: `Add ${name}`, safety: "review", edits }];
}

/** The argument that is written under another name. */
function renamed(ctx: FleetContext, given: Span, near: string, name: string): readonly Fix[] {
  const source = ctx.textOf(given.path)?.slice(given.start, given.end) ?? "";
  const at = source.search(new RegExp(`(?<![\\w'-])${near}\\s*=(?!=)`));
  if (at < 0) return [];
  const start = given.start + at;
  const label = { title: `Rename ${near} to ${name}`, safety: "review" } as const;
  return renameName(ctx, { ...given, start, end: start + near.length }, near, name, label);
}
