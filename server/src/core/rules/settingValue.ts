// Values of Nix settings as Nix reads them, whether they were written as Nix values or as text of nix.conf.

import { type Datum, knownText } from "../eval/datum";

/** The boolean that Nix reads; undefined where it is unknown or none. */
export function booleanOf(datum: Datum): boolean | undefined {
  if (datum.kind === "scalar" && typeof datum.value === "boolean") return datum.value;
  const text = knownText(datum);
  if (text === "true" || text === "yes" || text === "1") return true;
  return text === "false" || text === "no" || text === "0" ? false : undefined;
}
