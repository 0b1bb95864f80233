// argument-missing: a function is called without an argument that it needs.

import { deployProblems, problemDraft, withFunctionName } from "./problemFindings";
import type { Rule, RuleMeta } from "./rule";

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
  fix: "none",
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
    for (const problem of deployProblems(ctx))
      if (problem.kind === "missing-argument") report(problemDraft(problem, withFunctionName(ctx, problem)));
  },
};
