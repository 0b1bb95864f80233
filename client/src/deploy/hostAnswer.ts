// What a host says about its systems: the question, as a fixed script, and the reading of the answer.

import { parseStorePath } from "../../../server/src/core/formats/storePath";
import type { Answer } from "../state/observedStore";

/** Read-only, fixed text: one `name value` line for each thing it tells. */
export const ASK = String.raw`
profile=/nix/var/nix/profiles/system
# a link to nothing is no system
real() { if [ -e "$1" ]; then readlink -f "$1"; fi; }
echo "current $(real /run/current-system)"
echo "profile $(real "$profile")"
echo "version $(real "$profile/nixos-version")"
number() { printf '%s\n' "$1" | sed -n 's/^.*-\([0-9][0-9]*\)-link$/\1/p'; }
now=$(number "$(readlink "$profile")")
echo "generation $now"
older=0
for link in "$profile"-*-link; do
  each=$(number "$link")
  if [ -n "$each" ] && [ -n "$now" ] && [ "$each" -lt "$now" ] && [ "$each" -gt "$older" ]; then older=$each; fi
done
echo "older $older $(real "$profile-$older-link/nixos-version")"
if cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -q '/bin/[s]witch-to-configuration \(switch\|boot\|test\)'; then
  echo "switching yes"
fi
`;

/** An answer with what judging needs beyond the systems. */
export type HostAnswer =
  | Extract<Answer, { readonly kind: "failed" }>
  | (Extract<Answer, { readonly kind: "reached" }> & {
      /** The number of the profile's generation. */
      readonly generation: number | undefined;
      /** What a roll back goes to. */
      readonly older: { readonly generation: number; readonly system: string | undefined } | undefined;
      /** A switch is still running there. */
      readonly switching: boolean;
    });

export function parseAnswer(text: string): HostAnswer {
  const said = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !said.has(name)) said.set(name, value);
  }
  const generation = Number.parseInt(said.get("generation") ?? "", 10);
  const [olderText = "", olderPath] = (said.get("older") ?? "").split(" ");
  const older = Number.parseInt(olderText, 10);
  return {
    kind: "reached",
    system: {
      current: systemOf(said.get("current")),
      // deploy-rs wraps the system: what is inside is what runs
      profile: systemOf(said.get("version")) ?? systemOf(said.get("profile")),
    },
    generation: Number.isNaN(generation) ? undefined : generation,
    older: older > 0 ? { generation: older, system: systemOf(olderPath) } : undefined,
    switching: said.get("switching") === "yes",
  };
}

function systemOf(line: string | undefined): string | undefined {
  const path = line === undefined ? undefined : parseStorePath(line.trim());
  return path === undefined ? undefined : `/nix/store/${path.baseName}`;
}
