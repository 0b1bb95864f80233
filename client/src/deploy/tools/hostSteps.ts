// Commands on the host itself that several adapters share: they make a system the host's, or show what that would do.

import type { DeployTarget } from "../../configuration/project";
import { sshDestination, sshOptionWords } from "../../state/hostAddress";
import { AS_ROOT } from "../hostScript";
import type { SshConnection } from "../sshOptions";
import type { ActivationStep, RemoteStep, Step } from "../step";
import type { PlanContext } from "./adapter";

/** Shows what activating the system would do. */
export function dryActivate(target: DeployTarget, context: PlanContext): RemoteStep {
  const args = [...asRoot(target), { systemPath: "/bin/switch-to-configuration" }, "dry-activate"];
  return { where: "host", phase: "activate", connection: connectionTo(target, context), args };
}

export function activate(
  target: DeployTarget,
  mode: ActivationStep["mode"],
  context: PlanContext,
): ActivationStep {
  return {
    where: "activation",
    phase: "activate",
    connection: connectionTo(target, context),
    asRoot: asRoot(target),
    mode,
    guardSeconds: mode === "switch" || mode === "rollback" ? context.guardSeconds : 0,
  };
}

/** Back to the generation before the current one, for whichever tool made it. */
export function rollbackSteps(target: DeployTarget, context: PlanContext): readonly Step[] {
  return [activate(target, "rollback", context)];
}

function connectionTo({ host }: DeployTarget, context: PlanContext): SshConnection {
  return {
    destination: sshDestination(host),
    configFile: context.sshConfigFile,
    options: sshOptionWords(host),
  };
}

/** Who logs in is sometimes only known to ssh: then the host finds out whether it needs sudo. */
function asRoot({ host }: DeployTarget): readonly string[] {
  if (host.sshUser === "root") return [];
  return host.sshUser === null ? AS_ROOT : ["sudo", "-n", "--"];
}
