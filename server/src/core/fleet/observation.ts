// What is known about a host beyond what can be read: said by real Nix (evaluated) or by the host itself (observed).

export interface HostObservation {
  /** The host's name in the fleet. */
  readonly host: string;
  readonly tier: "evaluated" | "observed";
  /** Effective Nix settings by current name: lists as lists, everything else as text. */
  readonly settings?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly nixVersion?: string | undefined;
  /** The host's own public key as in known_hosts: `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey?: string | undefined;
  /** The public key with which root of that host logs in elsewhere. */
  readonly rootPublicKey?: string | undefined;
  /** Absolute paths that were looked for on the host, and whether they exist. */
  readonly files?: Readonly<Record<string, boolean>> | undefined;
}
