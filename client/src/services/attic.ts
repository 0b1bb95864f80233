// Attic: how its client is called, and what it says about a cache. Pure. Its own `login` takes the token as an argument that
// everybody on the machine could read, so a token of ours reaches it in a configuration that exists while it runs.

import { parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { t } from "../l10n";
import { UserError } from "../userError";
import type { Invocation } from "./invocation";

export interface AtticAccess {
  /** The program. */
  readonly program: string;
  /** Undefined: the servers that Attic itself has been told of on this machine. */
  readonly server: AtticServer | undefined;
}

export interface AtticServer {
  /** How caches name it: `SERVER:CACHE`. */
  readonly name: string;
  readonly endpoint: string;
  readonly token: string;
}

/** A cache as Attic names it: CACHE or SERVER:CACHE. @throws UserError for what can be neither */
export function checkedAtticCache(name: string): string {
  const part = "[A-Za-z0-9][A-Za-z0-9_+-]{0,49}";
  if (!new RegExp(`^(?:${part}:)?${part}$`).test(name))
    throw new UserError(t("{0} can't be the name of an Attic cache.", JSON.stringify(name)));
  return name;
}

/** @throws UserError where one of the three can't be what it should be */
export function atticServer(name: string, endpoint: string, token: string): AtticServer {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name))
    throw new UserError(t("{0} can't be the name of a server.", JSON.stringify(name)));
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UserError(t("{0} is no http or https address.", JSON.stringify(endpoint)));
  if (!/^[!-~]+$/.test(token)) throw new UserError(t("The token has characters that no token has."));
  return { name, endpoint: url.href.endsWith("/") ? url.href : `${url.href}/`, token };
}

/**
 * Sends paths. What the cache has, and what is signed by keys of its upstream caches, is left out by Attic itself;
 * `alone` sends exactly these paths, for a closure from which more was taken out.
 */
export function atticPush(
  access: AtticAccess,
  cache: string,
  paths: readonly string[],
  { alone }: { readonly alone: boolean },
): Invocation {
  const args = ["push", checkedAtticCache(cache), "--stdin", ...(alone ? ["--no-closure"] : [])];
  return { ...call(access, args), input: paths.map(path => `${path}\n`).join("") };
}

/** Sends every new path of the store until it is stopped. */
export function atticWatchStore(access: AtticAccess, cache: string): Invocation {
  return call(access, ["watch-store", checkedAtticCache(cache)]);
}

export function atticCacheInfo(access: AtticAccess, cache: string): Invocation {
  return call(access, ["cache", "info", checkedAtticCache(cache)]);
}

export interface AtticCacheInfo {
  /** What goes into `substituters`. */
  readonly url: string;
  /** What goes into `trusted-public-keys`. */
  readonly publicKey: string;
}

/** What `attic cache info` prints; undefined where one of the two is missing, or is something else. */
export function parseAtticCacheInfo(text: string): AtticCacheInfo | undefined {
  const field = (name: string) => new RegExp(`^[ \\t]*${name}:[ \\t]*(\\S+)[ \\t\\r]*$`, "m").exec(text)?.[1];
  const url = field("Binary Cache Endpoint");
  const publicKey = field("Public Key");
  if (url === undefined || publicKey === undefined) return undefined;
  const isCache = parseStoreUrl(url).url?.family === "http";
  return isCache && parseCacheKey(publicKey).kind === "key" ? { url, publicKey } : undefined;
}

function call({ program, server }: AtticAccess, args: readonly string[]): Invocation {
  if (server === undefined) return { command: program, args, secrets: [] };
  const config = [
    `default-server = ${JSON.stringify(server.name)}`,
    `[servers.${server.name}]`,
    `endpoint = ${JSON.stringify(server.endpoint)}`,
    `token = ${JSON.stringify(server.token)}`,
    "",
  ].join("\n");
  const privateFiles = { variable: "XDG_CONFIG_HOME", files: { "attic/config.toml": config } };
  return { command: program, args, privateFiles, secrets: [server.token] };
}
