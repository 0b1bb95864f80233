// What lenses and hovers say of hosts: what the view says, in fewer words. Hosts that nobody asked are left out.

import type { HostStateFacts } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import { formatTime } from "../state/amounts";
import { type Drift, describeDrift } from "./drift";
import { hostState, type KnownOfHost } from "./hostState";

export type LensStateApp = { readonly state: Pick<App["state"], "fleet" | "observed" | "deployments"> };

/** By host name. */
export function lensStates(
  { state }: LensStateApp,
  drifts: { get(host: string): Drift | undefined },
): ReadonlyMap<string, HostStateFacts> {
  const states = new Map<string, HostStateFacts>();
  for (const host of state.fleet.hosts) {
    const observation = state.observed.get(host.name);
    const running = state.deployments.get(host.name);
    if (observation === undefined && running === undefined) continue;
    states.set(host.name, lensState({ host, observation, running, drift: drifts.get(host.name) }));
  }
  return states;
}

/** Whether it runs what the repository says comes first; what else is the matter behind it. */
export function lensState(known: KnownOfHost): HostStateFacts {
  const { observation, drift } = known;
  const { kind, text, detail } = hostState(known);
  const told = drift === undefined ? undefined : describeDrift(drift);
  const time = observation === undefined ? undefined : formatTime(observation.at);
  const asked = time === undefined ? [] : [t("asked {0}", time)];
  if (kind === "deploying" || kind === "down") return { text, detail: [...detail, ...asked].join("; ") };
  const words = [told?.short, kind === "attention" || told === undefined ? text : undefined];
  const whole = [told?.long, ...detail.filter(line => line !== told?.long), ...asked];
  return { text: joined(words, ", "), detail: joined(whole, "; ") };
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter(part => part !== undefined).join(separator);
}
