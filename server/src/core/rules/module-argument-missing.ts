// module-argument-missing: a module asks for an argument that nobody gives.

import { deployProblems, problemDraft } from "./problemFindings";
import type { Rule, RuleMeta } from "./rule";
import { addToSpecialArgs } from "./specialArgsFix";

function example(specialArgs: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = inputs@{ self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";${specialArgs}
      modules = [ ./web.nix ];
    };
  };
}`,
    "web.nix": "{ inputs, ... }: { nix.registry.nixpkgs.flake = inputs.nixpkgs; }",
  };
}

const meta: RuleMeta = {
  code: "module-argument-missing",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A module asks for an argument that neither NixOS nor `specialArgs` gives",
    why: `Modules get \`config\`, \`lib\`, \`pkgs\`, \`options\`, \`modulesPath\` and what \`specialArgs\` and \`_module.args\` hold. For anything else Nix stops
with \`attribute 'inputs' missing\` inside of \`lib/modules.nix\`, far from the cause. Add \`specialArgs = { inherit inputs; }\`.

What \`imports\` hang on has to be in \`specialArgs\` even where some module sets \`_module.args\`, and \`pkgs\` cannot be used for them: Nix
says \`infinite recursion encountered\`.`,
    bad: [example("")],
    good: [example("\n      specialArgs = { inherit inputs; };")],
  },
};

export const moduleArgumentMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "missing-module-argument") continue;
      const name = problem.subject?.name ?? "";
      const what =
        problem.subject?.forImports === true
          ? `the module asks for "${name}" to find its imports, for which only specialArgs comes early enough (infinite recursion encountered)`
          : `the module asks for "${name}", which neither NixOS nor specialArgs gives (${problem.message})`;
      report(problemDraft(problem, what, addToSpecialArgs(ctx, problem, name)));
    }
  },
};
