// Fleet snapshots for tests: name what matters, the rest is plain.

import type { FleetSnapshot, HostSnapshot } from "../../server/src/protocol";

export function hostOf(fields: Partial<HostSnapshot> & { readonly name: string }): HostSnapshot {
  return {
    tools: ["deploy-rs"],
    hostname: null,
    sshUser: null,
    sshOpts: [],
    system: null,
    tags: [],
    profiles: [],
    substituters: [],
    trustedPublicKeys: [],
    sshServe: null,
    unknown: [],
    path: "/w/flake.nix",
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    root: "/w",
    configuration: fields.name,
    ...fields,
  };
}

export function fleetOf(hosts: readonly HostSnapshot[]): FleetSnapshot {
  const entryPoints = [{ path: "/w/flake.nix", kind: "flake", complete: true, why: [] }];
  return { version: 1, hosts, caches: [], keys: [], entryPoints };
}
