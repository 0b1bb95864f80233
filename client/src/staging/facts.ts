// What is known of one staging cache that is being set up: what was asked for, and what was found, made and changed so far.
// Kept on disk between sessions; holds public halves only.

import { type ChangedFile, isChangedFile } from "../configuration/edits";
import { isRecord, isStrings } from "../json";
import { HTTP_PORT, type HttpServer } from "../stores/httpServer";

export const TRANSPORTS = ["ssh", "ssh-ng", "nix-serve", "harmonia"] as const;
/** How clients reach the server's store: nix.sshServe with one of its protocols, or a server for HTTP. */
export type Transport = (typeof TRANSPORTS)[number];

export interface StagingFacts {
  /** Names of hosts of the fleet. */
  readonly server: string;
  readonly clients: readonly string[];
  readonly transport: Transport;
  /** Name or address under which clients reach the server. */
  readonly address: string;
  readonly keyName: string;
  /** Where the signing key is on the server. */
  readonly keyFile: string;
  /** Where the HTTP server listens. */
  readonly port: number;
  /** Whether harmonia's options stand in `services.harmonia`, as in older nixpkgs. */
  readonly flat: boolean;
  /** Whether the port of the HTTP server is opened in the server's firewall. */
  readonly openFirewall: boolean;
  readonly publicKey: string | undefined;
  /** The server's SSH host key: `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey: string | undefined;
  /** Root's SSH public key of each client. */
  readonly clientKeys: Readonly<Record<string, string>>;
  /** What was made and not found, in the order in which it was made. */
  readonly made: readonly MadeKey[];
  readonly changed: readonly ChangedFile[];
}

export interface MadeKey {
  readonly kind: "cacheKey" | "sshKey";
  readonly host: string;
  readonly file: string;
  readonly publicKey: string;
}

export function overSsh(transport: Transport): transport is "ssh" | "ssh-ng" {
  return transport === "ssh" || transport === "ssh-ng";
}

/** What serves over HTTP, if anything does. */
export function httpServer({
  transport,
  port,
  flat,
}: Pick<StagingFacts, "transport" | "port" | "flat">): HttpServer | undefined {
  return overSsh(transport) ? undefined : { service: transport, port, flat };
}

/** The URL that clients ask. An SSH cache comes after the public ones, because each path costs it a session. */
export function cacheUrl({
  transport,
  address,
  port,
}: Pick<StagingFacts, "transport" | "address" | "port">): string {
  const host = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
  return overSsh(transport) ? `${transport}://nix-ssh@${host}?priority=50` : `http://${host}:${port}`;
}

/** Reads what was kept; undefined where it is not of this shape. */
export function readStagingFacts(value: unknown): StagingFacts | undefined {
  if (!isRecord(value)) return undefined;
  const { server, clients, address, keyName, keyFile, openFirewall, publicKey, hostPublicKey } = value;
  const transport = TRANSPORTS.find(each => each === value["transport"]);
  if (typeof server !== "string" || !isStrings(clients) || transport === undefined) return undefined;
  if (typeof address !== "string" || typeof keyName !== "string" || typeof keyFile !== "string")
    return undefined;
  const { clientKeys, made, changed } = value;
  if (!isRecord(clientKeys) || !Array.isArray(made) || !Array.isArray(changed)) return undefined;
  return {
    server,
    clients,
    transport,
    address,
    keyName,
    keyFile,
    port: typeof value["port"] === "number" ? value["port"] : HTTP_PORT,
    flat: value["flat"] === true,
    openFirewall: openFirewall === true,
    publicKey: typeof publicKey === "string" ? publicKey : undefined,
    hostPublicKey: typeof hostPublicKey === "string" ? hostPublicKey : undefined,
    clientKeys: Object.fromEntries(Object.entries(clientKeys).map(([name, key]) => [name, String(key)])),
    made: made.filter(isMadeKey),
    changed: changed.filter(isChangedFile),
  };
}

function isMadeKey(value: unknown): value is MadeKey {
  if (!isRecord(value)) return false;
  const { kind, host, file, publicKey } = value;
  return (kind === "cacheKey" || kind === "sshKey") && isStrings([host, file, publicKey]);
}
