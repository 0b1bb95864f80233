// Which of the paths that a host lacks it would fetch from its own caches, and from which: asked of the host, because it is the
// one that asks them. Nix's dry run checks no signature, so this is what the caches have, no promise that the host takes it.

import { parseStorePath } from "../../../../server/src/core/formats/storePath";
import type { ProcessRunner } from "../../ports/process";
import { runOnHost } from "../hostScript";
import type { SshConnection } from "../sshOptions";

/** A cache of the host with the paths that it has, of those asked for. */
export interface Source {
  readonly cache: string;
  readonly paths: ReadonlySet<string>;
}

/** A cache that does not answer must not keep the question waiting. */
const LIMIT_MS = 45_000;

/**
 * Standard input: paths, one a line. Only root may choose among the caches; the first that has a path is the one that counts.
 */
const SOURCES = String.raw`
left=$(cat)
feature="--extra-experimental-features nix-command"
caches=$({ nix $feature config show 2>/dev/null || nix $feature show-config 2>/dev/null; } </dev/null | sed -n 's/^substituters = //p')
for cache in $caches; do
  if [ -z "$left" ]; then break; fi
  found=$(printf '%s\n' "$left" | NIX_SSHOPTS="-o BatchMode=yes -o ConnectTimeout=5" timeout 15 xargs -n 500 \
    nix-store --realise --dry-run --option substituters "$cache" --option connect-timeout 5 --option download-attempts 1 2>&1 |
    sed -n '/will be fetched/,/^[^ ]/{s|^  \(/nix/store/[^ ]*\)$|\1|p;}')
  if [ -n "$found" ]; then
    printf '%s\n' "$found" | sed "s|^|$mark from $cache |"
    left=$(printf '%s\n' "$left" | grep -vxF "$found")
  fi
done
tell asked yes
`;

/** Undefined where the host could not be asked as root; empty where its caches have nothing of it. */
export async function findSources(
  processes: ProcessRunner,
  connection: SshConnection,
  missing: readonly string[],
  signal: AbortSignal,
): Promise<readonly Source[] | undefined> {
  const input = missing.map(path => `${path}\n`).join("");
  const script = { body: SOURCES, args: [], input, as: "root" } as const;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const end = await runOnHost(processes, connection, script, limited);
  if (end.kind === "failed" || end.answers.one("asked") === undefined) return undefined;
  const wanted = new Set(missing);
  const sources = new Map<string, Set<string>>();
  for (const line of end.answers.all("from")) {
    const [cache = "", path = ""] = line.split(" ");
    if (!wanted.delete(path) || parseStorePath(path) === undefined) continue;
    sources.set(cache, (sources.get(cache) ?? new Set()).add(path));
  }
  return [...sources].map(([cache, paths]) => ({ cache, paths }));
}
