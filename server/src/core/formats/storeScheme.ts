// The store types of Nix and their URL parameters, from the settings declared in NixOS/nix 2.3 to 2.35
// (src/libstore/*-store.hh and store-api.hh). `since` is the first version that has the parameter.

export type StoreFamily = "http" | "file" | "s3" | "ssh" | "daemon" | "local" | "dummy" | "auto";

export interface StoreScheme {
  readonly scheme: string;
  readonly family: StoreFamily;
  /** What `?name=value` may set. */
  readonly parameters: readonly StoreParameter[];
}

export interface StoreParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly since?: string;
  readonly description: string;
}

export type ParameterType = "bool" | "int" | "path" | "string" | "list" | readonly string[];

const COMPRESSIONS = [
  ..."xz bzip2 gzip zstd none br compress grzip lrzip lz4 lzip lzma lzop".split(" "),
] as const;

const ANY_STORE: readonly StoreParameter[] = [
  { name: "store", type: "path", description: "The logical store directory, `/nix/store`" },
  {
    name: "path-info-cache-size",
    type: "int",
    description: "How many path infos are kept in memory (65536)",
  },
  { name: "trusted", type: "bool", description: "Accept unsigned paths from this store" },
  { name: "priority", type: "int", description: "Order among substituters, lower is asked first" },
  { name: "want-mass-query", type: "bool", description: "May be asked for many paths at once" },
  { name: "system-features", type: "list", description: "Features of the systems that can build here" },
];

const BINARY_CACHE: readonly StoreParameter[] = [
  ...ANY_STORE,
  { name: "compression", type: COMPRESSIONS, description: "Compression of uploaded NARs (`xz`)" },
  { name: "compression-level", type: "int", since: "2.5", description: "Level of that compression (-1)" },
  { name: "parallel-compression", type: "bool", description: "Compress on several cores" },
  { name: "secret-key", type: "path", description: "File of the key that signs uploaded paths" },
  { name: "secret-keys", type: "string", since: "2.29", description: "Several such files, joined by commas" },
  { name: "write-nar-listing", type: "bool", description: "Write a JSON listing beside each NAR" },
  { name: "index-debug-info", type: "bool", since: "2.4", description: "Index separate debug files" },
  { name: "local-nar-cache", type: "path", description: "Directory that keeps downloaded NARs" },
];

const TEXT_COMPRESSIONS: readonly StoreParameter[] = [
  { name: "narinfo-compression", type: "string", description: "Compression of `.narinfo` files" },
  { name: "ls-compression", type: "string", description: "Compression of `.ls` files" },
  { name: "log-compression", type: "string", description: "Compression of build logs" },
];

const HTTP: readonly StoreParameter[] = [
  ...BINARY_CACHE,
  ...TEXT_COMPRESSIONS.map(parameter => ({ ...parameter, since: "2.32" })),
  { name: "tls-certificate", type: "path", since: "2.34", description: "Client certificate" },
  { name: "tls-private-key", type: "path", since: "2.34", description: "Key of the client certificate" },
  { name: "retry-attempts", type: "int", since: "2.35", description: "How often a download is tried" },
  { name: "retry-delay", type: "int", since: "2.35", description: "Milliseconds before the first retry" },
  { name: "retry-delay-rate-limited", type: "int", since: "2.35", description: "The same after HTTP 429" },
  { name: "retry-max-delay", type: "int", since: "2.35", description: "Longest wait in milliseconds" },
];

const S3: readonly StoreParameter[] = [
  ...BINARY_CACHE,
  ...TEXT_COMPRESSIONS,
  { name: "profile", type: "string", description: "AWS profile" },
  { name: "region", type: "string", description: "AWS region (`us-east-1`)" },
  { name: "scheme", type: ["https", "http"], description: "Protocol of the endpoint" },
  { name: "endpoint", type: "string", description: "Server of another S3 service" },
  { name: "multipart-upload", type: "bool", description: "Upload in parts" },
  { name: "multipart-chunk-size", type: "int", since: "2.33", description: "Bytes of a part (5 MiB)" },
  { name: "buffer-size", type: "int", description: "Older name of `multipart-chunk-size`" },
  { name: "multipart-threshold", type: "int", since: "2.33", description: "Size from which parts are used" },
  { name: "storage-class", type: "string", since: "2.33", description: "S3 storage class" },
  {
    name: "addressing-style",
    type: ["auto", "path", "virtual"],
    since: "2.34",
    description: "Bucket as host name or as path",
  },
  { name: "versionId", type: "string", since: "2.33", description: "Version of the object" },
];

const SSH: readonly StoreParameter[] = [
  ...ANY_STORE,
  { name: "ssh-key", type: "path", description: "Private key file; for the daemon, readable by root" },
  {
    name: "base64-ssh-public-host-key",
    type: "string",
    since: "2.4",
    description: "Base64 of the host's public key line: pins its key",
  },
  { name: "compress", type: "bool", description: "Compress the connection" },
  { name: "remote-store", type: "string", description: "Store URL used on the other side" },
  { name: "remote-program", type: "list", description: "Program run there" },
  { name: "max-connections", type: "int", description: "Connections at once (1)" },
];

const SSH_NG: readonly StoreParameter[] = [
  ...SSH,
  { name: "max-connection-age", type: "int", description: "Seconds until a connection is renewed" },
];

const LOCAL_FS: readonly StoreParameter[] = [
  ...ANY_STORE,
  { name: "root", type: "path", description: "Directory under which the store lives" },
  { name: "state", type: "path", description: "Directory of Nix's state" },
  { name: "log", type: "path", description: "Directory of build logs" },
  { name: "real", type: "path", description: "Physical path of the store" },
];

const LOCAL: readonly StoreParameter[] = [
  ...LOCAL_FS,
  { name: "require-sigs", type: "bool", description: "Require signatures on added paths" },
  { name: "read-only", type: "bool", since: "2.17", description: "Never write" },
  { name: "build-dir", type: "path", since: "2.30", description: "Where builds run" },
  { name: "ignore-gc-delete-failure", type: "bool", since: "2.34", description: "Go on when a path stays" },
  { name: "use-roots-daemon", type: "bool", since: "2.34", description: "Ask a daemon for roots" },
];

const OVERLAY: readonly StoreParameter[] = [
  ...LOCAL,
  { name: "lower-store", type: "string", since: "2.22", description: "Store URL of the lower layer" },
  { name: "upper-layer", type: "path", since: "2.22", description: "Directory of the upper layer" },
  { name: "check-mount", type: "bool", since: "2.22", description: "Check that the overlay is mounted" },
  { name: "remount-hook", type: "path", since: "2.22", description: "Program that remounts the overlay" },
];

const DAEMON: readonly StoreParameter[] = [
  ...LOCAL_FS,
  { name: "max-connections", type: "int", description: "Connections at once (1)" },
  { name: "max-connection-age", type: "int", description: "Seconds until a connection is renewed" },
];

const DUMMY: readonly StoreParameter[] = [
  ...ANY_STORE,
  { name: "read-only", type: "bool", since: "2.32", description: "Never write" },
];

export const STORE_SCHEMES: readonly StoreScheme[] = [
  { scheme: "https", family: "http", parameters: HTTP },
  { scheme: "http", family: "http", parameters: HTTP },
  { scheme: "file", family: "file", parameters: BINARY_CACHE },
  { scheme: "s3", family: "s3", parameters: S3 },
  { scheme: "ssh", family: "ssh", parameters: SSH },
  { scheme: "ssh-ng", family: "ssh", parameters: SSH_NG },
  { scheme: "mounted-ssh-ng", family: "ssh", parameters: [...SSH_NG, ...LOCAL_FS] },
  { scheme: "unix", family: "daemon", parameters: DAEMON },
  { scheme: "daemon", family: "daemon", parameters: DAEMON },
  { scheme: "local", family: "local", parameters: LOCAL },
  { scheme: "local-overlay", family: "local", parameters: OVERLAY },
  { scheme: "dummy", family: "dummy", parameters: DUMMY },
  { scheme: "auto", family: "auto", parameters: [...LOCAL, ...DAEMON] },
];

export function findStoreScheme(scheme: string): StoreScheme | undefined {
  return STORE_SCHEMES.find(known => known.scheme === scheme);
}

export function findStoreParameter(scheme: string, name: string): StoreParameter | undefined {
  return findStoreScheme(scheme)?.parameters.find(parameter => parameter.name === name);
}

/** Whether Nix takes the value; blanks and unknown pieces are the caller's business. */
export function parameterAccepts(type: ParameterType, value: string): boolean {
  if (type === "bool") return /^(true|yes|1|false|no|0)$/.test(value);
  if (type === "int") return /^-?\d+[KMGT]?$/.test(value);
  return typeof type === "string" || type.includes(value);
}
