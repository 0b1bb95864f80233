// Commands of Nix itself that several adapters share: evaluate, build, copy, and the steps on the host.

import type { DeployTarget } from "../../configuration/project";
import { t } from "../../l10n";
import { addressOf, sshDestination, sshOptionWords } from "../../state/hostAddress";
import { UserError } from "../../userError";
import { sshStoreUrl } from "../hostName";
import { nixSshOptions } from "../sshOptions";
import type { Argument, LocalStep, Phase, Step } from "../step";
import { SYSTEM } from "../step";
import type { DeployAction, PlanContext, ToolId } from "./adapter";

const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/** Tells the system's store path without building it. */
function evaluateSystem(target: DeployTarget, reference: string, context: PlanContext): LocalStep {
  return {
    ...nixStep(target, "evaluate", ["eval", "--raw", `${reference}.outPath`], context),
    printsSystem: "path",
    prepares: true,
  };
}

/** Whether a tool builds the system here: as the user wants it, and as the host's own configuration tells the tool. */
export function buildsHere({ host }: DeployTarget, { buildOn }: PlanContext, tool: ToolId): boolean {
  return buildOn === "here" && host.buildsOnHost?.includes(tool) !== true;
}

/**
 * Tells the system's store path to the review. Where the tool builds here, it is built at once, so that the review can compare
 * it and the tool finds everything done.
 */
export function prepareSystem(
  target: DeployTarget,
  reference: string,
  context: PlanContext,
  tool: ToolId,
): LocalStep {
  return buildsHere(target, context, tool)
    ? buildSystem(target, reference, context)
    : evaluateSystem(target, reference, context);
}

/** The same for a configuration.nix outside of flakes, as nixos-rebuild builds it. */
export function prepareConfiguration(target: DeployTarget, context: PlanContext): LocalStep {
  const system = ["<nixpkgs/nixos>", "-A", "config.system.build.toplevel", ...configurationFlags(target)];
  const step = { ...nixStep(target, "build", [], context), prepares: true };
  return context.buildOn === "here"
    ? {
        ...step,
        command: "nix-build",
        args: [...system, "--no-out-link"],
        printsSystem: "path",
        nixLog: true,
      }
    : {
        ...step,
        phase: "evaluate",
        command: "nix-instantiate",
        args: ["--eval", "--strict", "--json", ...system.with(2, "config.system.build.toplevel.outPath")],
        printsSystem: "quoted",
      };
}

export function configurationFlags({ entryPoint }: DeployTarget): readonly string[] {
  return ["-I", `nixos-config=${entryPoint}`];
}

/** A store that builds, and how ssh reaches it. */
export interface BuildStore {
  readonly store: string;
  /** As NIX_SSHOPTS. */
  readonly sshOptions: string;
}

/** Builds and tells the store path. `on` is the store that builds; undefined: here, with the builders Nix is set up for. */
export function buildSystem(
  target: DeployTarget,
  reference: string,
  context: PlanContext,
  on?: BuildStore,
): LocalStep {
  // --print-out-paths came with Nix 2.9; --json says the same to all of them
  const where = on === undefined ? [] : ["--eval-store", "auto", "--store", on.store];
  const args = ["build", reference, "--no-link", "--json", ...where];
  const step = {
    ...nixStep(target, "build", args, context),
    printsSystem: "json",
    prepares: on === undefined,
    nixLog: true,
  } as const;
  return on === undefined
    ? { ...step, together: reference }
    : { ...step, env: { NIX_SSHOPTS: on.sshOptions }, elsewhere: true };
}

/** One build for several hosts; their own builds find everything done. Undefined where there is only one thing to build. */
export function buildsTogether(steps: readonly LocalStep[]): LocalStep | undefined {
  const references = [...new Set(steps.flatMap(({ together }) => together ?? []))];
  const [first] = steps;
  if (first === undefined || references.length < 2) return undefined;
  const args = ["build", ...references, "--no-link", "--keep-going", ...FEATURES];
  const { together: _, ...rest } = first;
  return { ...rest, args, printsSystem: false };
}

/** Sends the built system; the receiving user must be trusted, so signatures are not checked twice. */
export function copySystem(target: DeployTarget, context: PlanContext, from?: string): LocalStep {
  const { host } = target;
  sshDestination(host);
  const url = sshStoreUrl(host.sshUser, addressOf(host) ?? host.name);
  const source = from === undefined ? [] : ["--from", from];
  const args = ["copy", ...source, "--to", url, SYSTEM, "--substitute-on-destination", "--no-check-sigs"];
  const env = { NIX_SSHOPTS: optionsForNix(target, context, from !== undefined) };
  return { ...nixStep(target, "copy", args, context), env, nixLog: true };
}

/** Checks the whole flake, with whatever its `checks` say. */
export function checkFlake(target: DeployTarget, context: PlanContext): LocalStep {
  return { ...nixStep(target, "check", ["flake", "check"], context), nixLog: true };
}

/** The same with the older program, which sends from our own store only and compresses on the way. */
export function asCopyClosure(step: Step): Step {
  if (step.where !== "here" || step.phase !== "copy" || step.args.includes("--from")) return step;
  const url = step.args.find(argument => typeof argument === "string" && argument.startsWith("ssh://"));
  if (typeof url !== "string") return step;
  const { nixLog: _, ...plain } = step;
  const args = ["--to", "--gzip", "--use-substitutes", url.slice("ssh://".length), SYSTEM];
  return { ...plain, command: "nix-copy-closure", args };
}

/** The options of ssh for Nix; `other`: it reaches another host with them too. */
export function optionsForNix(
  { host }: DeployTarget,
  { sshConfigFile, ownSshOptions }: PlanContext,
  other: boolean,
): string {
  const own = sshOptionWords(host);
  if (other && own.length > 0)
    throw new UserError(
      t(
        "{0} has options for ssh of its own ({1}), which would reach the host that builds too. Put them into the SSH configuration.",
        host.name,
        own.join(" "),
      ),
    );
  return nixSshOptions(sshConfigFile, ownSshOptions, own);
}

function nixStep(
  target: DeployTarget,
  phase: Phase,
  args: readonly Argument[],
  context: PlanContext,
): LocalStep {
  return {
    where: "here",
    phase,
    command: context.tools.nix,
    args: [...args, ...FEATURES],
    cwd: target.host.root,
    env: {},
    printsSystem: false,
    prepares: false,
  };
}

export const SWITCH_VERB = {
  deploy: "switch",
  boot: "boot",
  "dry-activate": "dry-activate",
} as const satisfies Partial<Record<DeployAction, string>>;
