// What real Nix or a host itself said about settings, beside what was read: later tiers refine earlier ones, and where they
// differ people should see it.

import { branchesOf, type Datum, knownText } from "../eval/datum";
import type { Fleet, Host, ToldSetting } from "./fleet";
import type { HostObservation } from "./observation";

/** The fleet with what was said about its hosts. Facts about hosts that are no more are left out. */
export function withToldSettings(fleet: Fleet, observations: readonly HostObservation[]): Fleet {
  if (observations.length === 0) return fleet;
  const hosts = fleet.hosts.map(host => {
    const told = observations.filter(each => each.host === host.name).flatMap(toldBy);
    return told.length === 0 ? host : { ...host, told };
  });
  return { ...fleet, hosts };
}

function toldBy({ tier, settings }: HostObservation): ToldSetting[] {
  return Object.entries(settings ?? {}).map(([name, value]) => ({ name, value, tier }));
}

/** What real Nix evaluated for a setting of the host; undefined where nobody asked it. */
export function evaluatedSetting(host: Host, name: string): ToldSetting["value"] | undefined {
  return host.told?.findLast(each => each.name === name && each.tier === "evaluated")?.value;
}

/** How a value that was read and one that was said compare. Order counts for nobody but the reader of a list of caches. */
export type Comparison =
  | { readonly kind: "same" }
  /** Reading could not tell all of it. */
  | { readonly kind: "unread" }
  | { readonly kind: "differs"; readonly missing: readonly string[]; readonly surplus: readonly string[] };

/** `missing` was said and not read, `surplus` was read and not said. What was read may be texts already. */
export function compareWithTold(
  read: Datum | readonly string[] | undefined,
  told: ToldSetting["value"],
): Comparison {
  const texts = read === undefined || isTexts(read) ? read : textsOf(read);
  if (texts === undefined) return { kind: "unread" };
  const said = typeof told === "string" ? [told] : told;
  const missing = said.filter(text => !texts.includes(text));
  const surplus = texts.filter(text => !said.includes(text));
  return missing.length + surplus.length === 0 ? { kind: "same" } : { kind: "differs", missing, surplus };
}

function isTexts(read: Datum | readonly string[]): read is readonly string[] {
  return Array.isArray(read);
}

/** The value as texts, if all of it is known and hangs on nothing. */
function textsOf(datum: Datum): readonly string[] | undefined {
  const [only, ...others] = branchesOf(datum);
  if (only === undefined || others.length > 0) return undefined;
  const { value } = only;
  if (value.kind === "scalar") return value.value === null ? undefined : [String(value.value)];
  if (value.kind === "path") return [value.path];
  if (value.kind === "text") return oneText(value);
  if (value.kind !== "list" || !value.complete) return undefined;
  const items = value.items.map(textsOf);
  return items.some(item => item === undefined) ? undefined : items.flatMap(item => item ?? []);
}

function oneText(datum: Datum): readonly string[] | undefined {
  const text = knownText(datum);
  return text === undefined ? undefined : [text];
}
