// nixDeploy/fleet: the fleet as the client's views show it, once every folder is loaded and the last change is judged.

import { fleetSnapshot } from "../../fleetSnapshot";
import type { FleetSnapshot } from "../../protocol";
import type { Session } from "../session";

export async function fleet(session: Session, _params: unknown, signal: AbortSignal): Promise<FleetSnapshot> {
  const analysis = await session.settledAnalysis(signal);
  return fleetSnapshot(analysis.fleet(), path => session.lines.of(path));
}
