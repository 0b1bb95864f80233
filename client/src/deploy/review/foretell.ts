// Which units a switch would touch: a host that has the new system already is asked, for others the unit files are compared.

import type { ProcessRunner } from "../../ports/process";
import { runOnHost } from "../hostScript";
import type { HostPlan } from "../plan";
import type { HostState, SystemParts } from "./inspect";
import { compareUnits, parseDryActivate, type UnitChanges } from "./units";

export interface Comparison {
  readonly state: HostState;
  readonly parts: SystemParts | undefined;
  /** The host has the whole new system. */
  readonly complete: boolean;
}

/** A host that has the new system already foretells what a switch would do; otherwise unit files are compared. */
export async function foretellUnits(
  processes: ProcessRunner,
  { connection, action }: HostPlan,
  after: string | undefined,
  { state, parts, complete }: Comparison,
  signal: AbortSignal,
): Promise<UnitChanges | undefined> {
  if (after === undefined || action === "boot") return undefined;
  if (complete && connection !== undefined) {
    const script = { body: DRY_ACTIVATE, args: [after], as: "root" } as const;
    const end = await runOnHost(processes, connection, script, signal);
    const foretold = end.kind === "told" ? parseDryActivate(end.answers.all("said")) : undefined;
    if (foretold !== undefined) return foretold;
  }
  return parts === undefined || parts.units.size === 0
    ? undefined
    : compareUnits(state.system.units, parts.units);
}

/** Changes nothing, as its name says. "$1": the system. */
const DRY_ACTIVATE = `
"$1/bin/switch-to-configuration" dry-activate </dev/null 2>&1 | sed "s/^/$mark said /"
`;
