// Where real Nix and reading do not say the same of a host. Only of what reading tells completely: the rest it leaves open.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { EvaluatedSettings } from "./evaluateHost";

const READ: readonly {
  readonly setting: string;
  readonly field: "substituters" | "trustedPublicKeys";
}[] = [
  { setting: "substituters", field: "substituters" },
  { setting: "trusted-public-keys", field: "trustedPublicKeys" },
];

/** The names of the settings that differ; order and repetition count for nothing. */
export function differingSettings(host: HostSnapshot, evaluated: EvaluatedSettings): readonly string[] {
  return READ.flatMap(({ setting, field }) => {
    const told = evaluated[setting];
    if (told === undefined || typeof told === "string" || host.unknown.includes(field)) return [];
    const [read, said] = [new Set(host[field]), new Set(told)];
    const isSame = read.size === said.size && [...read].every(text => said.has(text));
    return isSame ? [] : [setting];
  });
}
