// The custom messages between server and client, and their payloads: plain JSON types. The client may import this
// file; it imports nothing.

export interface ProtocolPosition {
  readonly line: number;
  readonly character: number;
}

export interface ProtocolRange {
  readonly start: ProtocolPosition;
  readonly end: ProtocolPosition;
}

/** The shape of `nix-deploy fleet --format json` and of the request `nixDeploy/fleet`. */
export interface FleetSnapshot {
  readonly version: 1;
  readonly hosts: readonly HostSnapshot[];
  readonly caches: readonly CacheSnapshot[];
  readonly keys: readonly KeySnapshot[];
  readonly entryPoints: readonly EntryPointSnapshot[];
}

export interface HostSnapshot {
  readonly name: string;
  /** "deploy-rs", "colmena", "nixos-rebuild", "darwin-rebuild", "cachix-deploy" */
  readonly tools: readonly string[];
  readonly hostname: string | null;
  readonly sshUser: string | null;
  readonly system: string | null;
  readonly tags: readonly string[];
  readonly profiles: readonly ProfileSnapshot[];
  readonly substituters: readonly string[];
  readonly trustedPublicKeys: readonly string[];
  readonly sshServe: SshServeSnapshot | null;
  /** Names of the fields that reading could not tell. */
  readonly unknown: readonly string[];
  /** Where the host is defined: absolute in the protocol, relative to PATH on the command line. */
  readonly path: string;
  readonly range: ProtocolRange;
  /** The directory of the flake or hive that defines the host. */
  readonly root: string;
  /** The name of the nixosConfigurations (or hive) attribute that is this host's system; null where unknown. */
  readonly configuration: string | null;
}

export interface ProfileSnapshot {
  readonly name: string;
  readonly user: string | null;
  readonly sshUser: string | null;
}

export interface SshServeSnapshot {
  readonly enable: boolean | null;
  readonly protocol: string | null;
  readonly write: boolean | null;
  readonly keys: readonly string[];
}

export interface CacheSnapshot {
  readonly url: string;
  /** Names of the hosts that ask it. */
  readonly usedBy: readonly string[];
  /** Names of the keys by which its paths are known to be signed. */
  readonly keyNames: readonly string[];
  readonly path: string | null;
  readonly range: ProtocolRange | null;
}

export interface KeySnapshot {
  readonly name: string;
  readonly publicKey: string;
  readonly trustedBy: readonly string[];
  readonly path: string | null;
  readonly range: ProtocolRange | null;
}

export interface EntryPointSnapshot {
  readonly path: string;
  readonly kind: string;
  readonly complete: boolean;
  readonly why: readonly string[];
}

/** Request: no parameters, answers FleetSnapshot. */
export const FLEET_REQUEST = "nixDeploy/fleet";
/** Notification from the server, without parameters: the fleet of the last answer is out of date. */
export const FLEET_CHANGED = "nixDeploy/fleetChanged";
/** Request for text edits: EditParams, answers a WorkspaceEdit in LSP form or an EditRefusal. */
export const EDIT_REQUEST = "nixDeploy/edit";
/** Notification to the server: what real Nix or hosts said (Facts). */
export const SET_FACTS = "nixDeploy/setFacts";
