// nixDeploy/fleet: the fleet of the newest snapshot, as the client's views show it.

import { fleetSnapshot } from "../../fleetSnapshot";
import type { FleetSnapshot } from "../../protocol";
import type { Session } from "../session";

export function fleet(session: Session): FleetSnapshot {
  const analysis = session.analysis();
  return fleetSnapshot(analysis.fleet(), path => session.lines.of(path));
}
