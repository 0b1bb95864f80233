// Commands of Nix itself that several adapters share: evaluate, build, copy, and the steps on the host.

import { sshStoreUrl } from "../hostName";
import { nixSshOptions } from "../sshOptions";
import type { Argument, LocalStep, Phase, RemoteStep, Step } from "../step";
import { SYSTEM } from "../step";
import { addressOf, type DeployTarget, requireDestination } from "../target";
import type { DeployAction, PlanContext } from "./adapter";

export const SYSTEM_PROFILE = "/nix/var/nix/profiles/system";

const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/** Tells the system's store path without building it. */
export function evaluateSystem(target: DeployTarget, reference: string, context: PlanContext): LocalStep {
  return {
    ...nixStep(target, "evaluate", ["eval", "--raw", `${reference}.outPath`], context),
    printsSystem: "path",
  };
}

/** Builds and tells the store path. */
export function buildSystem(target: DeployTarget, reference: string, context: PlanContext): LocalStep {
  // --print-out-paths came with Nix 2.9; --json says the same to all of them
  const args = ["build", reference, "--no-link", "--json"];
  return { ...nixStep(target, "build", args, context), printsSystem: "json" };
}

/** Sends the built system; the receiving user must be trusted, so signatures are not checked twice. */
export function copySystem(target: DeployTarget, context: PlanContext): LocalStep {
  const { host } = target;
  requireDestination(host);
  const url = sshStoreUrl(host.sshUser, addressOf(host) ?? host.name);
  const args = ["copy", "--to", url, SYSTEM, "--substitute-on-destination", "--no-check-sigs"];
  const env = { NIX_SSHOPTS: nixSshOptions(context.sshConfigFile, context.ownSshOptions) };
  return { ...nixStep(target, "copy", args, context), env };
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
  };
}

export function setProfile(target: DeployTarget, context: PlanContext): RemoteStep {
  return rootStep(target, "set", ["nix-env", "-p", SYSTEM_PROFILE, "--set", SYSTEM], context);
}

export function activate(
  target: DeployTarget,
  verb: "switch" | "boot" | "dry-activate",
  context: PlanContext,
): RemoteStep {
  return rootStep(target, "activate", [{ systemPath: "/bin/switch-to-configuration" }, verb], context);
}

/** Back to the generation before the current one, for whichever tool made it. */
export function rollbackSteps(target: DeployTarget, context: PlanContext): readonly Step[] {
  return [
    rootStep(target, "set", ["nix-env", "-p", SYSTEM_PROFILE, "--rollback"], context),
    rootStep(target, "activate", [`${SYSTEM_PROFILE}/bin/switch-to-configuration`, "switch"], context),
  ];
}

/** A command on the host that must be root. Who logs in is sometimes only known to ssh: then the host finds out. */
function rootStep(
  target: DeployTarget,
  phase: Phase,
  args: readonly Argument[],
  context: PlanContext,
): RemoteStep {
  const { host } = target;
  const connection = { destination: requireDestination(host), configFile: context.sshConfigFile };
  const prefix = host.sshUser === "root" ? [] : host.sshUser === null ? AS_ROOT : ["sudo", "-n", "--"];
  return { where: "host", phase, connection, args: [...prefix, ...args] };
}

const AS_ROOT = ["sh", "-c", 'if [ "$(id -u)" = 0 ]; then exec "$@"; else exec sudo -n -- "$@"; fi', "sh"];

export const SWITCH_VERB = {
  deploy: "switch",
  boot: "boot",
  "dry-activate": "dry-activate",
} as const satisfies Partial<Record<DeployAction, string>>;
