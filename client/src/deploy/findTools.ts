// Which deploy tools are installed: looked up on PATH without running anything, except for nixos-rebuild, whose two
// generations only its own help tells apart.

import type { ToolPaths } from "../config";
import { findProgram } from "../ports/findProgram";
import { capture, type ProcessRunner } from "../ports/process";
import type { PlanContext, ToolId } from "./tools/adapter";
import { nixosRebuildGeneration } from "./tools/nixosRebuild";

export async function findTools(
  tools: ToolPaths,
  processes: ProcessRunner,
  find: (name: string) => string | undefined = findProgram,
): Promise<Pick<PlanContext, "missing" | "nixosRebuild">> {
  const programs: readonly (readonly [ToolId, string])[] = [
    ["deploy-rs", tools.deploy],
    ["colmena", tools.colmena],
    ["nixos-rebuild", tools.nixosRebuild],
    ["direct", tools.nix],
  ];
  const missing = new Set(programs.filter(([, program]) => find(program) === undefined).map(([id]) => id));
  if (missing.has("nixos-rebuild")) return { missing, nixosRebuild: "ng" };
  const { stdout, stderr } = await capture(
    processes,
    { command: tools.nixosRebuild, args: ["--help"], env: { PAGER: "cat", MANPAGER: "cat" } },
    AbortSignal.timeout(10_000),
  );
  return { missing, nixosRebuild: nixosRebuildGeneration(stdout + stderr) };
}
