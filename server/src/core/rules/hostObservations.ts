// What hosts themselves said, where rules need it.

import type { Host } from "../fleet/fleet";
import type { HostObservation } from "../fleet/observation";
import { isPlain } from "./entryFixes";
import type { FleetContext } from "./rule";

type Observed = Pick<FleetContext, "observations">;

export function observationsOf({ observations }: Observed, host: Host): readonly HostObservation[] {
  return observations.filter(each => each.host === host.name);
}

/** The public key with which root of that host logs in elsewhere, without its comment. */
export function rootKeyOf(ctx: Observed, host: Host): string | undefined {
  return keyOf(observationsOf(ctx, host).findLast(each => each.rootPublicKey !== undefined)?.rootPublicKey);
}

/** The host's own public key: `ssh-ed25519 AAAA…`. */
export function hostKeyOf(ctx: Observed, host: Host): string | undefined {
  return keyOf(observationsOf(ctx, host).findLast(each => each.hostPublicKey !== undefined)?.hostPublicKey);
}

function keyOf(line: string | undefined): string | undefined {
  const words = line?.trim().split(/\s+/).slice(0, 2) ?? [];
  return words.length === 2 && isPlain(words.join(" ")) ? words.join(" ") : undefined;
}
