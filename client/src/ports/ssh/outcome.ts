// What an SSH operation can come to. Every way in which it can go wrong is a value of one of these kinds; nothing
// here is thrown.

/** Why a host could not be asked. `message` is one line for people: what happened and what to do. */
export interface SshFailure {
  readonly kind:
    | "dns"
    | "unreachable"
    | "timeout"
    | "hostKey"
    | "auth"
    | "protocol"
    | "configuration"
    | "cancelled";
  readonly message: string;
  /** For `hostKey`: what the host showed, so that the user can decide. */
  readonly hostKey?: PresentedHostKey;
}

/** A host key as the host presented it, with the verdict of known_hosts. */
export interface PresentedHostKey {
  readonly verdict: "unknown" | "changed" | "revoked";
  /** The name under which known_hosts looks it up: `host`, or `[host]:port` for another port than 22. */
  readonly name: string;
  /** "ssh-ed25519" */
  readonly type: string;
  /** The blob in base64. */
  readonly base64: string;
  /** "SHA256:…" as ssh-keygen prints it. */
  readonly fingerprint: string;
  /** For `changed` and `revoked`: file and line (from 1) that say otherwise. */
  readonly conflict?: { readonly file: string; readonly line: number };
  /** For `unknown`: the file to which it is written if the user accepts it; undefined where the configuration names none. */
  readonly acceptIn?: { readonly file: string; readonly hashed: boolean } | undefined;
  /** The jump host whose key it is, where it is not the key of the host that was asked. */
  readonly jumpHost?: string;
  /** For `unknown`: the line that trusts a certificate authority for this host; certificates are not checked here. */
  readonly authority?: { readonly file: string; readonly line: number };
}

export type SshOutcome = CommandDone | { readonly kind: "failed"; readonly failure: SshFailure };

/** The command ran and its channel closed. */
export interface CommandDone {
  readonly kind: "done";
  /** UTF-8 with replacement characters, cut at the limit that the caller gave. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  /** Undefined where the server sent none (the connection broke or a signal ended the command). */
  readonly exitCode: number | undefined;
  /** Without "SIG": "TERM". */
  readonly signal: string | undefined;
}

export function failed(kind: SshFailure["kind"], message: string): { kind: "failed"; failure: SshFailure } {
  return { kind: "failed", failure: { kind, message } };
}
