// attribute-missing: an attribute is selected that the set certainly does not have.

import type { EvaluationProblem } from "../fleet/fleet";
import { nearest } from "../knowledge/editDistance";
import { replaceName } from "./attributeFixes";
import { missingConfiguration } from "./missingConfigurations";
import { deployProblems, problemDraft } from "./problemFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(name: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      hosts = { web = { address = "192.0.2.1"; }; };
    in {
      nixosConfigurations.web = nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [ { networking.hostName = hosts.web.${name}; } ];
      };
    };
}`,
  };
}

const meta: RuleMeta = {
  code: "attribute-missing",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An attribute is selected that the set does not have",
    why: `Nix stops with \`attribute 'adress' missing\` on the way to something that is deployed. Sets of which not all is known (packages, inputs)
are left alone.`,
    bad: [example("adress")],
    good: [example("address")],
  },
};

export const attributeMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "missing-attribute" || missingConfiguration(ctx, problem) !== undefined) continue;
      const near = nearest(problem.subject?.name ?? "", problem.subject?.candidates ?? []);
      const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
      report(problemDraft(problem, `${problem.message}${hint}`, fixesOf(ctx, problem, near)));
    }
  },
};

function fixesOf(ctx: FleetContext, problem: EvaluationProblem, near: string | undefined): readonly Fix[] {
  const { subject, span } = problem;
  if (near === undefined || subject === undefined) return [];
  const edits = replaceName(ctx, span, subject.name, near);
  return edits === undefined
    ? []
    : [{ title: `Write ${near}`, safety: isElsewhere(ctx, problem) ? "review" : "safe", edits }];
}

/** Whether another set has the name: of several hosts that come by here perhaps only this one lacks it. */
function isElsewhere(ctx: FleetContext, { subject, span, trace, entryPoint }: EvaluationProblem): boolean {
  const paths = new Set([entryPoint, span.path, ...trace.map(step => step.path)]);
  const name = (subject?.name ?? "").replace(/[^\w]/g, "\\$&");
  const binding = new RegExp(`(^|[\\s{.;"])${name}"?\\s*=(?!=)|\\binherit\\b[^;]*[\\s)]${name}[\\s;]`, "m");
  return [...paths].some(path => binding.test(ctx.textOf(path) ?? ""));
}
