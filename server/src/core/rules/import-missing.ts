// import-missing: a file is read that does not exist.

import type { EvaluationProblem } from "../fleet/fleet";
import { deployProblems, problemDraft } from "./problemFindings";
import type { Fix, Rule, RuleMeta } from "./rule";

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
  fix: "sometimes",
  docs: {
    summary: "A file is read that does not exist",
    why: `Nix stops with \`path '…/hosts/wbe.nix' does not exist\` on the way to something that is deployed. In a flake a file that Git does not
track counts as absent too, whatever lies on disk: \`Path 'hosts/web.nix' in the repository … is not tracked by Git\`, or in older versions
of Nix the same message as for a file that is not there. \`git add -N FILE\` is enough to make it visible, and is what the quick fix
does; \`readDir\` and \`pathExists\` see it only then, too. Where a script of the repository names the flake as \`path:…\` everything on disk counts.`,
    bad: [example("hosts/wbe.nix"), { ...example("hosts/web.nix"), ".git/index": "flake.nix\n" }],
    good: [
      example("hosts/web.nix"),
      { ...example("hosts/web.nix"), ".git/index": "flake.nix\nhosts/web.nix\n" },
    ],
  },
};

export const importMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "missing-import") continue;
      report(problemDraft(problem, whatIsMissing(problem), fixesOf(problem)));
    }
  },
};

function whatIsMissing({ subject, entryPoint }: EvaluationProblem): string {
  const file = shown(subject?.name ?? "", entryPoint);
  if (subject?.untracked !== true) return `${file} does not exist`;
  return `${file} is not tracked by Git, so the flake does not see it (git add -N ${file})`;
}

function fixesOf({ subject, entryPoint }: EvaluationProblem): readonly Fix[] {
  if (subject?.untracked !== true) return [];
  const title = `Let Git know ${shown(subject.name, entryPoint)} (git add -N)`;
  const command = { id: "nixDeploy.trackFile", path: subject.name };
  return [{ title, safety: "review", edits: new Map(), command }];
}

/** Seen from the folder of the entry point. */
function shown(path: string, entryPoint: string): string {
  const folder = entryPoint.slice(0, entryPoint.lastIndexOf("/") + 1);
  if (path === "") return "the file that is read here";
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}
