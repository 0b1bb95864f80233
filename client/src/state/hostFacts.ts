// What a host said about itself: the observed tier of truth. Plain data; every field that the host did not tell is
// undefined.

/** Facts of one probe. Times are Unix seconds by the host's own clock, sizes are bytes. */
export interface HostFacts {
  readonly hostName: string | undefined;
  /** The host's clock when it answered; ages are measured against it, so a wrong clock does no harm. */
  readonly clock: number;
  readonly system: "nixos" | "other-with-nix" | "no-nix";
  /** PRETTY_NAME of /etc/os-release. */
  readonly osName: string | undefined;
  /** The store path of /run/current-system: what runs. */
  readonly currentSystem: string | undefined;
  readonly bootedSystem: string | undefined;
  /** The store path that the system profile points to: what boots next. */
  readonly profileSystem: string | undefined;
  /** The number of the generation that the system profile points to. */
  readonly profileGeneration: number | undefined;
  /** Newest first; at most the newest 100. */
  readonly generations: readonly Generation[];
  /** How many there are in all. */
  readonly generationCount: number;
  readonly nixosVersion: string | undefined;
  /** The Git revision that the running system was built from, where the configuration records it. */
  readonly configurationRevision: string | undefined;
  readonly nixVersion: string | undefined;
  readonly kernel: string | undefined;
  readonly uptimeSeconds: number | undefined;
  readonly load1: number | undefined;
  readonly cpuCount: number | undefined;
  readonly memory: Memory | undefined;
  readonly storeSpace: DiskSpace | undefined;
  readonly bootSpace: DiskSpace | undefined;
  /** Names of failed units; undefined where there is no systemd to ask. */
  readonly failedUnits: readonly string[] | undefined;
  /** Kernel, initrd or modules of what boots next differ from what was booted. */
  readonly rebootNeeded: boolean | undefined;
  readonly settings: ObservedSettings | undefined;
  readonly login: {
    readonly user: string;
    readonly isRoot: boolean;
    readonly sudoWithoutPassword: boolean | undefined;
  };
  /** "ssh-ed25519 AAAA…" of the host's sshd. */
  readonly hostPublicKey: string | undefined;
  /** Root's own public key: what a server's nix.sshServe.keys must hold for this host to be a client. */
  readonly rootPublicKey: string | undefined;
  /** The host could not tell everything within the limits. */
  readonly truncated: boolean;
}

export interface Generation {
  readonly number: number;
  readonly storePath: string;
  readonly date: number | undefined;
  readonly version: string | undefined;
  readonly kernel: string | undefined;
  readonly specialisations: readonly string[];
}

export interface Memory {
  readonly total: number;
  readonly available: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

export interface DiskSpace {
  readonly total: number;
  readonly free: number;
}

/** The effective Nix settings of the host, as its Nix reports them. */
export interface ObservedSettings {
  readonly substituters: readonly string[];
  readonly trustedPublicKeys: readonly string[];
  readonly trustedUsers: readonly string[];
  readonly secretKeyFiles: readonly string[];
  readonly requireSigs: boolean | undefined;
  readonly fallback: boolean | undefined;
}

/** Whether a host reaches one of its caches, as the host itself found out. */
export interface CacheReach {
  readonly url: string;
  readonly reached: boolean;
  readonly milliseconds: number | undefined;
  /** What the host said where it did not reach it. */
  readonly why: string | undefined;
}

/** The generation that runs: that of the profile where it fits, because two generations may be the same system. */
export function runningGeneration(facts: HostFacts): Generation | undefined {
  const same = facts.generations.filter(({ storePath }) => storePath === facts.currentSystem);
  return same.find(({ number }) => number === facts.profileGeneration) ?? same[0];
}
