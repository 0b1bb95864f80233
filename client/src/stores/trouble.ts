// Which trouble with a cache the words of ssh and Nix mean, for Nix 2.3 to 2.35. Exit codes say nothing here: all of these
// give 1, and a cache whose signatures are refused even gives 0. Only the English texts tell; programs are run with LC_ALL=C.

/** Everything that can be wrong between a host and a cache, by name. */
export type TroubleKind =
  /** Signed, but by no key that the host trusts. */
  | "missing-key"
  /** The host trusts a key of the signer's name with other bytes. */
  | "wrong-key"
  /** The cache has the path without any signature. */
  | "unsigned"
  /** The host refuses the signatures, and it is not known which of the three above it is. */
  | "signature-refused"
  /** Nix refuses the signature of an answer that it remembers; today the cache answers with one that it would take. */
  | "remembered"
  /** An entry of trusted-public-keys is no key, which breaks every substitution. */
  | "malformed-key"
  | "secret-key-file"
  | "host-key-unknown"
  | "host-key-changed"
  | "not-allowed"
  | "forced-command-missing"
  | "protocol-mismatch"
  | "daemon-down"
  | "refused"
  | "timed-out"
  | "no-route"
  | "name-unknown"
  /** sshd shut the door after many failed logins. */
  | "penalised"
  | "absent"
  | "unauthorized"
  | "server-error"
  | "other-store"
  | "not-a-cache"
  /** This Nix was built without S3. */
  | "no-s3"
  | "corrupt"
  | "bad-url"
  | "tls"
  | "not-trusted-user"
  | "read-only"
  | "no-nix"
  | "no-login"
  | "unknown";

/** In this order: a later line of one failure also matches what is said of another, so the cause stands first. */
const TELLING: readonly (readonly [RegExp, TroubleKind])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/, "host-key-changed"],
  [/Host key verification failed|No .* host key is known for|authenticity of host/, "host-key-unknown"],
  [/Permission denied \((?:publickey|[a-z,-]*publickey)/, "not-allowed"],
  [
    /Could not resolve hostname|Couldn't resolve host|Could not resolve host|Name or service not known/i,
    "name-unknown",
  ],
  // without a socket Nix opens the store itself, which only root may
  [
    /cannot connect to socket at .*daemon-socket|\/nix\/var\/nix\/db\/big-lock': Permission denied/,
    "daemon-down",
  ],
  [/connect to host .*: Connection refused|Failed to connect to .* port \d+/i, "refused"],
  [/Connection refused|Could(?: not|n't) connect to server/i, "refused"],
  [
    /connect to host .*(?:timed out)|Connection timed out|Operation timed out|Timeout was reached|timed out after/i,
    "timed-out",
  ],
  [/No route to host|Network is unreachable/i, "no-route"],
  [/kex_exchange_identification|Connection (?:reset|closed) by/, "penalised"],
  [/protocol mismatch/, "protocol-mismatch"],
  [/importing paths is not allowed/, "read-only"],
  [/: (?:No such file or directory|command not found|not found)$/m, "forced-command-missing"],
  [/public key is not valid|key is corrupt|invalid character in Base64 string/, "malformed-key"],
  [/secret key is (?:not valid|corrupt)/, "secret-key-file"],
  [
    /not signed by any of the keys|does not have a valid signature|lacks a (?:valid )?signature/,
    "signature-refused",
  ],
  [/is for Nix stores with prefix/, "other-store"],
  [/does not appear to be a binary cache/, "not-a-cache"],
  // a bucket that does not exist: Nix would first write its nix-cache-info
  [/unable to (?:up|down)load '.*nix-cache-info': HTTP error 404/, "not-a-cache"],
  [/don't know how to open Nix store (?:'s3:|with scheme 's3')/, "no-s3"],
  [/NAR info file .* is corrupt|input compression not recognized|hash mismatch importing/, "corrupt"],
  // curl: too large, cut off, no HTTP
  [
    /Maximum file size exceeded|more than the maximum size|transfer closed with .* remaining|Received HTTP\/0\.9|weird server reply|Header too large/i,
    "corrupt",
  ],
  [/Maximum .*redirects followed|Protocol .* (?:not supported or )?disabled/i, "not-a-cache"],
  [/HTTP error 40[13]|returned error: 40[13]/, "unauthorized"],
  [/HTTP error 5\d\d|returned error: 5\d\d/, "server-error"],
  [/SSL|TLS|certificate/i, "tls"],
  [/(?:you are not a trusted user|ignoring untrusted substituter)/, "not-trusted-user"],
  [
    /Cannot parse Nix store|don't know how to open Nix store|invalid SSH (?:host name|authority)|invalid URL authority/i,
    "bad-url",
  ],
  [
    /is not valid$|no substituter that can build it|does not exist in binary cache|don't know how to build these paths|build of '.*' failed/m,
    "absent",
  ],
];

/** A server may make ssh and Nix say whatever it likes, and patterns take time by the square of a line's length. */
const MAX_LINE = 2_000;
const MAX_TEXT = 60_000;

/** The trouble that the output of Nix or ssh tells of; "unknown" where it tells of none that is known. */
export function troubleOf(text: string): TroubleKind {
  return tellingPattern(text)?.[1] ?? "unknown";
}

function tellingPattern(text: string): (typeof TELLING)[number] | undefined {
  const lines = text.slice(0, MAX_TEXT).split("\n");
  const told = lines.map(line => line.slice(0, MAX_LINE)).join("\n");
  return TELLING.find(([pattern]) => pattern.test(told));
}

/** The line of the output that tells most: the one that names the trouble, else the last error. */
export function tellingLine(lines: readonly string[]): string {
  const told = lines.map(line => line.slice(0, MAX_LINE));
  const pattern = tellingPattern(lines.join("\n"))?.[0];
  const said = pattern === undefined ? undefined : told.find(line => pattern.test(line));
  return said ?? told.findLast(line => /error|warning/i.test(line)) ?? told.at(-1) ?? "";
}
