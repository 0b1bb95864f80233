// argument-unexpected: a function is called with an argument that it does not take.

import type { EvaluationProblem } from "../fleet/fleet";
import { nearest } from "../knowledge/editDistance";
import { renameName } from "./attributeFixes";
import { deployProblems, problemDraft, withFunctionName } from "./problemFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(name: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      mkHost = { name, system ? "x86_64-linux" }: nixpkgs.lib.nixosSystem { inherit system; modules = [ { networking.hostName = name; } ]; };
    in {
      nixosConfigurations.web = mkHost { name = "web"; ${name} = "aarch64-linux"; };
    };
}`,
  };
}

const meta: RuleMeta = {
  code: "argument-unexpected",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A function is called with an argument that it does not take",
    why: `A function with \`{ a, b }:\` takes these names only; Nix stops with \`function 'mkHost' called with unexpected argument 'sytem'\` on the way
to something that is deployed. Correct the name, remove it, or let the function take more: \`{ a, b, ... }:\`.`,
    bad: [example("sytem")],
    good: [example("system")],
  },
};

export const argumentUnexpected: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx))
      if (problem.kind === "unexpected-argument")
        report(problemDraft(problem, withFunctionName(ctx, problem), fixesOf(ctx, problem)));
  },
};

function fixesOf(ctx: FleetContext, { subject, span }: EvaluationProblem): readonly Fix[] {
  const near = subject === undefined ? undefined : nearest(subject.name, subject.candidates);
  if (subject === undefined || near === undefined) return [];
  return renameName(ctx, span, subject.name, near, { title: `Rename to ${near}`, safety: "review" });
}
