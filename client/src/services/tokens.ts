// Tokens of services in the system's keyring, one entry a service.

import type { Secrets } from "../ports/storage";
import { type AtticServer, atticServer } from "./attic";

const CACHIX = "cachix.authToken";
const ATTIC = "attic.server";

export function cachixToken(secrets: Secrets): Promise<string | undefined> {
  return secrets.get(CACHIX);
}

/** Undefined forgets it. */
export async function keepCachixToken(secrets: Secrets, token: string | undefined): Promise<void> {
  await (token === undefined ? secrets.delete(CACHIX) : secrets.set(CACHIX, token));
}

export async function keptAtticServer(secrets: Secrets): Promise<AtticServer | undefined> {
  const kept = await secrets.get(ATTIC);
  if (kept === undefined) return undefined;
  const [name, endpoint, token] = kept.split("\n");
  if (name === undefined || endpoint === undefined || token === undefined) return undefined;
  return atticServer(name, endpoint, token);
}

/** Undefined forgets it. */
export async function keepAtticServer(secrets: Secrets, server: AtticServer | undefined): Promise<void> {
  if (server === undefined) await secrets.delete(ATTIC);
  else await secrets.set(ATTIC, [server.name, server.endpoint, server.token].join("\n"));
}
