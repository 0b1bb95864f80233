// Which deploy tools are installed: looked up on PATH without running anything, except for those whose versions differ in
// what they can do, which only their own help tells.

import type { ToolPaths } from "../config";
import { findProgram } from "../ports/findProgram";
import { capture, type ProcessRunner } from "../ports/process";
import type { PlanContext, ToolId } from "./tools/adapter";
import { optionsIn } from "./tools/deployRs";
import { nixosRebuildGeneration } from "./tools/nixosRebuild";

export async function findTools(
  tools: ToolPaths,
  processes: ProcessRunner,
  find: (name: string) => string | undefined = findProgram,
): Promise<Pick<PlanContext, "missing" | "nixosRebuild" | "nixosRebuildOptions" | "deployRsOptions">> {
  const programs: readonly (readonly [ToolId, string])[] = [
    ["deploy-rs", tools.deploy],
    ["colmena", tools.colmena],
    ["nixos-rebuild", tools.nixosRebuild],
    ["cachix-deploy", tools.cachix],
    ["direct", tools.nix],
  ];
  const missing = new Set(programs.filter(([, program]) => find(program) === undefined).map(([id]) => id));
  const help = async (id: ToolId, command: string) =>
    missing.has(id) ? undefined : helpOf(command, processes);
  const [nixosRebuild, deployRs] = await Promise.all([
    help("nixos-rebuild", tools.nixosRebuild),
    help("deploy-rs", tools.deploy),
  ]);
  // a help that names no option is no help: then nothing is known
  const known = (help: string | undefined) => {
    const options = optionsIn(help ?? "");
    return options.size === 0 ? undefined : options;
  };
  return {
    missing,
    nixosRebuild: nixosRebuildGeneration(nixosRebuild ?? "--sudo"),
    nixosRebuildOptions: known(nixosRebuild),
    deployRsOptions: known(deployRs),
  };
}

async function helpOf(command: string, processes: ProcessRunner): Promise<string> {
  const env = { PAGER: "cat", MANPAGER: "cat" };
  const { stdout, stderr } = await capture(
    processes,
    { command, args: ["--help"], env },
    AbortSignal.timeout(10_000),
  );
  return stdout + stderr;
}
