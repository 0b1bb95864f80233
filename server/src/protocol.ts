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
  /** Further arguments for ssh, one word each: deploy-rs' `sshOpts`, colmena's `targetPort` as `-p`. */
  readonly sshOpts: readonly string[];
  readonly system: string | null;
  /** The tools that are told to build on the host itself; absent where none is. */
  readonly buildsOnHost?: readonly string[];
  readonly tags: readonly string[];
  readonly profiles: readonly ProfileSnapshot[];
  readonly substituters: readonly string[];
  readonly trustedPublicKeys: readonly string[];
  readonly sshServe: SshServeSnapshot | null;
  /** What hands out the host's store over HTTP; absent where the configuration names nothing. */
  readonly httpServer?: HttpServerSnapshot;
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
  /** deploy-rs asks for the password of sudo; absent where it does not, or where that is not known. */
  readonly interactiveSudo?: boolean;
  /** false: deploy-rs does not take back a switch that nobody confirms; absent where it does, or where that is not known. */
  readonly magicRollback?: boolean;
}

export interface SshServeSnapshot {
  readonly enable: boolean | null;
  readonly protocol: string | null;
  readonly write: boolean | null;
  readonly keys: readonly string[];
}

export interface HttpServerSnapshot {
  readonly service: "nix-serve" | "harmonia";
  /** Null where it is not known. */
  readonly port: number | null;
  /** harmonia by `services.harmonia`, as before nixpkgs had `services.harmonia.cache`. */
  readonly flat: boolean;
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
/** Request for text edits: EditParams, answers EditResult. The server never applies them itself. */
export const EDIT_REQUEST = "nixDeploy/edit";
/** Notification to the server: what real Nix or hosts said (Facts). Each one replaces all earlier ones. */
export const SET_FACTS = "nixDeploy/setFacts";

/** What the client tells the server at `initialize`; every field may be absent. */
export interface InitializationOptions {
  /** Another extension reports Nix syntax and scope errors; decides `nixDeploy.languageDiagnostics: auto`. */
  readonly otherNixExtension?: boolean;
  /** How long the text must rest before diagnostics are computed, in milliseconds; 150 if absent. */
  readonly quietPeriodMs?: number;
}

/** Changes to the configuration that belong together: either all of them have edits or the answer is a refusal. */
export interface EditParams {
  readonly operations: readonly EditOperation[];
}

export type EditOperation = AddToListOperation | RemoveFromListOperation | SetOperation;

/** Adds strings or numbers to a list option such as `nix.settings.substituters`; those that stand there already are left out. */
export interface AddToListOperation {
  readonly kind: "addToList";
  readonly target: EditTarget;
  /** The option's path joined with dots, names with dots in double quotes: `nix.sshServe.keys`. */
  readonly option: string;
  readonly items: readonly (string | number)[];
}

export interface RemoveFromListOperation {
  readonly kind: "removeFromList";
  readonly target: EditTarget;
  readonly option: string;
  readonly items: readonly (string | number)[];
}

/** Sets an option, replacing the literal that stands there. */
export interface SetOperation {
  readonly kind: "set";
  readonly target: EditTarget;
  readonly option: string;
  readonly value: EditValue;
}

/** A plain value to be written as Nix. */
export type EditValue =
  | string
  | number
  | boolean
  | null
  | readonly EditValue[]
  | { readonly [name: string]: EditValue };

/** Hosts of the fleet by name (the server finds the file that speaks for exactly them), or a file. */
export type EditTarget = { readonly hosts: readonly string[] } | { readonly path: string };

export type EditResult = EditAnswer | EditRefusal;

export interface EditAnswer {
  readonly kind: "edit";
  /** By document URI, in the form of an LSP WorkspaceEdit; empty where nothing has to change. */
  readonly changes: Readonly<Record<string, readonly ProtocolTextEdit[]>>;
  /** One line for each file, for people: what is added where. */
  readonly summary: readonly string[];
}

export interface ProtocolTextEdit {
  readonly range: ProtocolRange;
  readonly newText: string;
}

/** Nothing is changed, because at least one operation has no place where it would be right. */
export interface EditRefusal {
  readonly kind: "refused";
  readonly reasons: readonly RefusalReason[];
}

export interface RefusalReason {
  /** One line for people: why, and what to write by hand. */
  readonly message: string;
  /** The Nix text to insert by hand. */
  readonly snippet: string;
  /** Where to look, if anywhere. */
  readonly path: string | null;
  readonly range: ProtocolRange | null;
}

export interface Facts {
  readonly hosts: readonly HostFacts[];
}

/** What is known about one host beyond what can be read. Absent fields are not known. */
export interface HostFacts {
  /** The host's name in the fleet. */
  readonly host: string;
  /** evaluated: real Nix said so. observed: the host said so. */
  readonly tier: "evaluated" | "observed";
  /** Effective Nix settings by current name: lists as lists, everything else as text. */
  readonly settings?: Readonly<Record<string, string | readonly string[]>>;
  readonly nixVersion?: string;
  /** The host's own public key as in known_hosts: `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey?: string;
  /** The public key with which root of that host logs in elsewhere. */
  readonly rootPublicKey?: string;
  /** Absolute paths that were looked for on the host, and whether they exist. */
  readonly files?: Readonly<Record<string, boolean>>;
  /** Whether it runs what the repository says: what lenses and hovers show. */
  readonly state?: HostStateFacts;
}

/** The state of a host in the words of the client. */
export interface HostStateFacts {
  /** A few words: "up to date", "3 behind", "no answer". */
  readonly text: string;
  /** The whole of it, a sentence or more; may be empty. */
  readonly detail: string;
}
