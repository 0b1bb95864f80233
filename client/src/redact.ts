// Removes secrets from text and data on their way to a log, a report or a message. The only place that knows how
// secrets look; it rather removes too much than too little.

const REMOVED = "<redacted>";

/** What repeats is bounded: a line of a log may be long and without a blank, and time must not grow with its square. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, REMOVED],
  // the secret half of a Nix cache key: 64 bytes in base64; the public half is 44 characters and stays
  [/([!-9;-~]{1,64}):[A-Za-z0-9+/]{80,}={0,2}/g, `$1:${REMOVED}`],
  [/\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, REMOVED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})/g, REMOVED],
  [/\bAGE-SECRET-KEY-1[A-Z0-9]+/gi, REMOVED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REMOVED],
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@?#]*):[^\s/@]+@/gi, `$1:${REMOVED}@`],
  [
    /([?&][^=&\s]{0,64}?(?:token|secret|signature|password|credential)[^=&\s]{0,64}=)[^&\s#'"]+/gi,
    `$1${REMOVED}`,
  ],
  [/\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${REMOVED}`],
  [
    /((?:token|secret|password|passwd|passphrase|api[_-]?key)[A-Za-z0-9_-]{0,64}["']?\s{0,20}[=:]\s{0,20}["']?)(?![/<])[^\s"',;&}]+/gi,
    `$1${REMOVED}`,
  ],
];

/** The text without keys, tokens, passwords and URL credentials. */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

const SECRET_FIELD = /token|secret|password|passphrase|credential|privateKey/i;
const MAX_DEPTH = 6;

/** A copy of log data without secrets: strings are redacted, environment values and secret fields are removed. */
export function redactData(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redact(value);
  if (value instanceof Error) return errorData(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.map(item => redactData(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, redactField(name, field, depth + 1)]),
  );
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (/^env(ironment)?$/i.test(name) && typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.keys(value).map(key => [key, REMOVED]));
  }
  return SECRET_FIELD.test(name) && value !== undefined && value !== null
    ? REMOVED
    : redactData(value, depth);
}

function errorData(error: Error): Record<string, unknown> {
  return { name: error.name, message: redact(error.message), stack: redact(error.stack ?? "") };
}
