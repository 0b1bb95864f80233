// In which order hosts are deployed: who feeds others with store paths goes first, then canaries, then batch after batch. Pure.

import type { HostSnapshot } from "../../../server/src/protocol";
import { addressOf } from "../state/hostAddress";

export interface WaveOptions {
  /** How many hosts go alone before all others; 0 for none. */
  readonly canaries: number;
  /** How many hosts a later wave has; 0 for all that are left. */
  readonly batchSize: number;
}

/** The names of the hosts, wave by wave. A wave begins when all of the one before are well. */
export function wavesOf(
  hosts: readonly HostSnapshot[],
  { canaries, batchSize }: WaveOptions,
): readonly (readonly string[])[] {
  const waves: string[][] = [];
  let canariesLeft = canaries;
  for (const level of levelsOf(hosts)) {
    let rest = [...level];
    while (rest.length > 0) {
      const size = canariesLeft > 0 ? canariesLeft : batchSize > 0 ? batchSize : rest.length;
      const wave = rest.slice(0, size);
      canariesLeft = Math.max(0, canariesLeft - wave.length);
      rest = rest.slice(size);
      waves.push(wave);
    }
  }
  return waves;
}

/** Hosts in levels: each host is in a later level than all hosts that feed it. Hosts that feed each other share one. */
export function levelsOf(hosts: readonly HostSnapshot[]): readonly (readonly string[])[] {
  const feeders = new Map(hosts.map(host => [host.name, feedersOf(host, hosts)]));
  const levels: string[][] = [];
  const placed = new Set<string>();
  while (placed.size < hosts.length) {
    const left = hosts.filter(({ name }) => !placed.has(name));
    const ready = left.filter(({ name }) =>
      [...(feeders.get(name) ?? [])].every(feeder => placed.has(feeder)),
    );
    const level = (ready.length > 0 ? ready : left).map(({ name }) => name);
    for (const name of level) placed.add(name);
    levels.push(level);
  }
  return levels;
}

/** The other hosts that this one fetches store paths from. */
function feedersOf(host: HostSnapshot, all: readonly HostSnapshot[]): ReadonlySet<string> {
  const sources = new Set(host.substituters.map(hostInUrl));
  const feeds = (other: HostSnapshot) =>
    other.name !== host.name && (sources.has(other.name) || sources.has(addressOf(other)));
  return new Set(all.filter(feeds).map(({ name }) => name));
}

function hostInUrl(url: string): string | undefined {
  return /^[a-z0-9+-]+:\/\/(?:[^@/?#]*@)?(\[[^\]]+\]|[^:/?#]+)/i.exec(url)?.[1]?.replace(/^\[|\]$/g, "");
}
