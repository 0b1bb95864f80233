// infinite-recursion: a value that certainly needs itself.

import { deployProblems, problemDraft } from "./problemFindings";
import type { Rule, RuleMeta } from "./rule";

function example(inner: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      domain = "\${${inner}}.org";
    in {
      nixosConfigurations.web = nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [ { networking.hostName = domain; } ];
      };
    };
}`,
  };
}

const meta: RuleMeta = {
  code: "infinite-recursion",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A value needs itself, so it can never be evaluated",
    why: `Nix stops with \`infinite recursion encountered\` on the way to something that is deployed, mostly with a long trace that does not name
the cause. Only circles that are closed whatever the unknown parts are get reported.`,
    bad: [example("domain")],
    good: [example('"example"')],
  },
};

export const infiniteRecursion: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx))
      if (problem.kind === "infinite-recursion") report(problemDraft(problem, problem.message));
  },
};
