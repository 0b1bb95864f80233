// import-missing: a file is read that does not exist.

import { deployProblems, problemDraft } from "./problemFindings";
import type { Rule, RuleMeta } from "./rule";

function example(module: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./${module} ];
    };
  };
}`,
    "hosts/web.nix": '{ networking.hostName = "web"; }',
  };
}

const meta: RuleMeta = {
  code: "import-missing",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A file is read that does not exist",
    why: `Nix stops with \`path '…/hosts/wbe.nix' does not exist\` on the way to something that is deployed. In a flake a file that Git does not
track counts as absent too: \`git add -N FILE\` makes it visible.`,
    bad: [example("hosts/wbe.nix")],
    good: [example("hosts/web.nix")],
  },
};

export const importMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "missing-import") continue;
      const path = problem.subject?.name ?? "";
      report(problemDraft(problem, `${shown(path, problem.entryPoint)} does not exist`));
    }
  },
};

/** Seen from the folder of the entry point. */
function shown(path: string, entryPoint: string): string {
  const folder = entryPoint.slice(0, entryPoint.lastIndexOf("/") + 1);
  if (path === "") return "the file that is read here";
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}
