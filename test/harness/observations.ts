// What hosts say, for tests: name what matters, the rest is that of a healthy NixOS host.

import type { CacheReach, Generation, HostFacts } from "../../client/src/state/hostFacts";
import type { Observation } from "../../client/src/state/observedStore";

/** The time at which hosts answered: 2026-03-01 12:00 UTC. */
export const NOW = Date.UTC(2026, 2, 1, 12);

/** The system of a generation. */
export function systemPath(number: number): string {
  const hash = String(number).padStart(32, "0");
  return `/nix/store/${hash}-nixos-system-host-24.11.${number}`;
}

export function generationOf(number: number, fields: Partial<Generation> = {}): Generation {
  return {
    number,
    storePath: systemPath(number),
    date: NOW / 1000 - (100 - number) * 86_400,
    version: `24.11.${number}`,
    kernel: undefined,
    specialisations: [],
    ...fields,
  };
}

/** Generation 1 is there and runs. */
export function factsOf(fields: Partial<HostFacts>): HostFacts {
  return {
    hostName: "host",
    clock: NOW / 1000,
    system: "nixos",
    osName: "NixOS 24.11",
    currentSystem: systemPath(1),
    bootedSystem: systemPath(1),
    profileSystem: systemPath(1),
    profileGeneration: 1,
    generations: [generationOf(1)],
    generationCount: 1,
    nixosVersion: "24.11",
    configurationRevision: undefined,
    nixVersion: "2.24.10",
    kernel: "6.6.60",
    uptimeSeconds: 90_000,
    load1: 0.5,
    cpuCount: 2,
    memory: undefined,
    storeSpace: undefined,
    bootSpace: undefined,
    failedUnits: [],
    rebootNeeded: false,
    settings: undefined,
    login: { user: "root", isRoot: true, sudoWithoutPassword: undefined },
    hostPublicKey: undefined,
    rootPublicKey: undefined,
    truncated: false,
    ...fields,
  };
}

/** An answer with these facts. */
export function observed(
  facts: HostFacts,
  { at = NOW, caches }: { readonly at?: number; readonly caches?: readonly CacheReach[] } = {},
): Observation {
  const system = { current: facts.currentSystem, profile: facts.profileSystem };
  return { at, answer: { kind: "reached", system }, told: { at, facts, caches }, failures: 0 };
}
