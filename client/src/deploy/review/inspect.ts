// What a review needs from a host: what runs there with all it needs, which of the new paths are missing, and how much room is
// left. Read-only; one connection, as whoever logs in.

import { parseStorePath } from "../../../../server/src/core/formats/storePath";
import type { ProcessRunner } from "../../ports/process";
import type { ClosurePath } from "../../state/closureDiff";
import { type HostScriptEnd, runOnHost } from "../hostScript";
import type { SshConnection } from "../sshOptions";

/** What a host said. Undefined is what it did not say. */
export interface HostState {
  readonly current: string | undefined;
  /** All paths of the running system; undefined where its Nix could not tell. */
  readonly closure: readonly ClosurePath[] | undefined;
  /** Those of the new paths that it does not have. */
  readonly missing: ReadonlySet<string> | undefined;
  /** Bytes left for /nix/store. */
  readonly free: number | undefined;
  /** Its generation was made by deploy-rs, which can only go back to such. */
  readonly byDeployRs: boolean;
  readonly system: SystemParts;
}

/** What of a system is compared without running it. */
export interface SystemParts {
  /** Names of systemd units with the file that each one is. */
  readonly units: ReadonlyMap<string, string>;
  /** kernel, initrd and kernel-modules: those that were booted, or those of a system that is not booted yet. */
  readonly boot: ReadonlyMap<string, string>;
}

export const BOOT_PARTS = ["kernel", "initrd", "kernel-modules"] as const;

/** Standard input: the new system's paths, one a line. */
const INSPECT = String.raw`
current=$(readlink -f /run/current-system)
tell current "$current"
for part in kernel initrd kernel-modules; do tell boot "$part $(readlink -f "/run/booted-system/$part")"; done
if [ -e /nix/var/nix/profiles/system/deploy-rs-activate ]; then tell wrapped yes; fi
tell free "$(df -Pk /nix/store 2>/dev/null | sed -n '2s/^ *[^ ]* *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/p')"
if [ -d "$current" ] && have=$(nix-store --query --requisites "$current" </dev/null 2>/dev/null); then
  printf '%s\n' "$have" | sed "s/^/$mark have /"
  printf '%s\n' "$have" | xargs -n 500 nix-store --query --size 2>/dev/null | sed "s/^/$mark size /"
  tell closure told
fi
find "$current/etc/systemd/system/" -maxdepth 1 -type l -printf "$mark unit %f %l\n" 2>/dev/null </dev/null
if invalid=$(xargs -n 500 nix-store --check-validity --print-invalid 2>/dev/null); then
  if [ -n "$invalid" ]; then printf '%s\n' "$invalid" | sed "s/^/$mark missing /"; fi
  tell checked yes
fi
`;

export type Inspection =
  | { readonly kind: "told"; readonly state: HostState }
  | { readonly kind: "failed"; readonly why: string };

/** Asks over a connection of its own; never rejects. */
export async function inspectHost(
  processes: ProcessRunner,
  connection: SshConnection,
  newPaths: readonly ClosurePath[],
  signal: AbortSignal,
): Promise<Inspection> {
  const input = newPaths.map(({ storePath }) => `${storePath}\n`).join("");
  const end = await runOnHost(processes, connection, { body: INSPECT, args: [], input, as: "login" }, signal);
  return end.kind === "failed" ? end : { kind: "told", state: readState(end, newPaths.length > 0) };
}

function readState(
  { answers }: Extract<HostScriptEnd, { readonly kind: "told" }>,
  asked: boolean,
): HostState {
  const have = answers.all("have");
  const sizes = answers.all("size").map(bytesOf);
  // sizes come in the order of the paths; if some are missing, none can be told apart
  const complete = sizes.length === have.length;
  const free = bytesOf(answers.one("free") ?? "");
  return {
    current: storePathOf(answers.one("current")),
    closure:
      answers.one("closure") === undefined
        ? undefined
        : have.flatMap((path, index) => {
            const storePath = storePathOf(path);
            return storePath === undefined ? [] : [{ storePath, bytes: complete ? sizes[index] : undefined }];
          }),
    missing: !asked || answers.one("checked") === undefined ? undefined : new Set(answers.all("missing")),
    free: free === undefined ? undefined : free * 1024,
    byDeployRs: answers.one("wrapped") === "yes",
    system: { units: pairs(answers.all("unit")), boot: pairs(answers.all("boot")) },
  };
}

function storePathOf(text: string | undefined): string | undefined {
  const parsed = text === undefined ? undefined : parseStorePath(text.trim());
  return parsed === undefined ? undefined : `/nix/store/${parsed.baseName}`;
}

export function bytesOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function pairs(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap(line => {
      const blank = line.indexOf(" ");
      return blank <= 0 || blank === line.length - 1 ? [] : [[line.slice(0, blank), line.slice(blank + 1)]];
    }),
  );
}
