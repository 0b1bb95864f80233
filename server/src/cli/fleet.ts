// `nix-deploy fleet`: the hosts that reading alone finds, with their caches and keys, and what could not be read.

import type { Analysis } from "../core/analysis";
import { LineIndex } from "../core/text/lineIndex";
import { fleetSnapshot } from "../fleetSnapshot";
import type { FleetSnapshot, HostSnapshot } from "../protocol";
import { oneOf, readArguments } from "./arguments";
import type { Command } from "./command";
import { type LoadedPaths, loadPaths } from "./loadPaths";
import { UserError } from "./userError";
import { warnOfCrashes } from "./warnOfCrashes";

const USAGE = "fleet [PATH] [--format text|json]";

export const fleet: Command = {
  name: "fleet",
  usage: USAGE,
  summary: "List the hosts of all tools, with their caches and keys",
  async run(given, output) {
    const args = readArguments(given, { format: "string" }, USAGE);
    const format = oneOf(args, "format", ["text", "json"], "text");
    if (args.positionals.length > 1) throw new UserError(`usage: nix-deploy ${USAGE}`);
    const loaded = await loadPaths(args.positionals, output);
    const snapshot = relativeSnapshot(loaded);
    warnOfCrashes(loaded.analysis, output);
    output.print(format === "json" ? `${JSON.stringify(snapshot, null, 2)}\n` : formatFleet(snapshot));
    return 0;
  },
};

/** The snapshot with paths as people gave them. */
function relativeSnapshot({ analysis, relative }: LoadedPaths): FleetSnapshot {
  const snapshot = fleetSnapshot(analysis.fleet(), linesOf(analysis));
  const place = (path: string | null): string | null => (path === null ? null : relative(path));
  return {
    ...snapshot,
    hosts: snapshot.hosts.map(host => ({
      ...host,
      path: relative(host.path),
      root: folderOf(relative(`${host.root}/flake.nix`)),
    })),
    caches: snapshot.caches.map(cache => ({ ...cache, path: place(cache.path) })),
    keys: snapshot.keys.map(key => ({ ...key, path: place(key.path) })),
    entryPoints: snapshot.entryPoints.map(entry => ({ ...entry, path: relative(entry.path) })),
  };
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
}

/** The lines of each file, counted once. */
function linesOf(analysis: Analysis): (path: string) => LineIndex | undefined {
  const known = new Map<string, LineIndex>();
  return path => {
    const text = analysis.text(path);
    if (text === undefined) return undefined;
    const lines = known.get(path) ?? new LineIndex(text);
    known.set(path, lines);
    return lines;
  };
}

function formatFleet({ hosts, entryPoints }: FleetSnapshot): string {
  const unread = entryPoints.flatMap(({ path, complete, why }) =>
    complete ? [] : [`${path} was not read completely:`, ...why.map(reason => `  ${reason}`)],
  );
  const count = `${hosts.length} host${hosts.length === 1 ? "" : "s"}`;
  return `${[...hosts.map(hostLine), count, ...unread].join("\n")}\n`;
}

function hostLine(host: HostSnapshot): string {
  const address =
    host.hostname === null ? "" : ` ${host.sshUser === null ? "" : `${host.sshUser}@`}${host.hostname}`;
  const system = host.system === null ? "" : ` ${host.system}`;
  const unknown = host.unknown.length === 0 ? "" : ` (not known: ${host.unknown.join(", ")})`;
  const place = `${host.path}:${host.range.start.line + 1}`;
  return `${host.name} [${host.tools.join(", ")}]${address}${system} ${place}${unknown}`;
}
