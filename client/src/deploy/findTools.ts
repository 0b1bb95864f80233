// Which deploy tools are installed: looked up on PATH without running anything, except for those whose versions differ in
// what they can do, which only their own help tells.

import type { ToolPaths } from "../config";
import { findProgram } from "../ports/findProgram";
import { capture, type ProcessRunner } from "../ports/process";
import { withoutColours } from "./colours";
import type { PlanContext, ToolId } from "./tools/adapter";
import { colmenaVersion } from "./tools/colmena";
import { optionsIn } from "./tools/deployRs";
import { nixosRebuildGeneration } from "./tools/nixosRebuild";

export async function findTools(
  tools: ToolPaths,
  processes: ProcessRunner,
  find: (name: string) => string | undefined = findProgram,
): Promise<
  Pick<PlanContext, "missing" | "nixosRebuild" | "nixosRebuildOptions" | "deployRsOptions" | "colmena">
> {
  const programs: readonly (readonly [ToolId, string])[] = [
    ["deploy-rs", tools.deploy],
    ["colmena", tools.colmena],
    ["nixos-rebuild", tools.nixosRebuild],
    ["cachix-deploy", tools.cachix],
    ["direct", tools.nix],
  ];
  const missing = new Set(programs.filter(([, program]) => find(program) === undefined).map(([id]) => id));
  const ask = async (id: ToolId, command: string, option = "--help") =>
    missing.has(id) ? undefined : said(command, option, processes);
  const [nixosRebuild, deployRs, colmena] = await Promise.all([
    ask("nixos-rebuild", tools.nixosRebuild),
    ask("deploy-rs", tools.deploy),
    ask("colmena", tools.colmena, "--version"),
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
    colmena: colmenaVersion(colmena ?? ""),
  };
}

async function said(command: string, option: string, processes: ProcessRunner): Promise<string> {
  const env = { PAGER: "cat", MANPAGER: "cat" };
  const spec = { command, args: [option], env };
  const { stdout, stderr } = await capture(processes, spec, AbortSignal.timeout(10_000));
  return withoutMarks(stdout + stderr);
}

/** A manual page may come with colours, or with letters that are struck over to be bold. */
function withoutMarks(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a printer is told by
  return withoutColours(text.replace(/.\u0008/g, ""));
}
