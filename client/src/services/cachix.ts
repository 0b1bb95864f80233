// Cachix: how its program is called, for version 1.x. Pure.

import { t } from "../l10n";
import { UserError } from "../userError";
import type { Invocation } from "./invocation";

export interface CachixAccess {
  /** The program. */
  readonly program: string;
  /** A personal token or one of the cache; undefined: what Cachix itself has been given on this machine. */
  readonly token: string | undefined;
}

export const CACHIX_COMPRESSIONS = ["zstd", "xz"] as const;

export interface CachixPushOptions {
  readonly compression: (typeof CACHIX_COMPRESSIONS)[number];
}

export const KEEP_FOREVER = "forever";
export interface CachixPin {
  readonly name: string;
  /** How many revisions of that name stay, or all of them. */
  readonly keepRevisions: number | typeof KEEP_FOREVER;
}

/** @throws UserError for what can be no name of a Cachix cache */
export function checkedCachixCache(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(name))
    throw new UserError(t("{0} can't be the name of a Cachix cache.", JSON.stringify(name)));
  return name;
}

/** Sends the closures of the paths. Cachix leaves out what it has and what the cache's upstream caches have. */
export function cachixPush(
  access: CachixAccess,
  cache: string,
  paths: readonly string[],
  options: CachixPushOptions,
): Invocation {
  // by standard input, because a list of arguments has a limit
  return {
    ...call(access, ["push", checkedCachixCache(cache), ...compressed(options)]),
    input: lines(paths),
  };
}

/** Keeps a path from being collected, under a name. */
export function cachixPin(access: CachixAccess, cache: string, pin: CachixPin, path: string): Invocation {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(pin.name))
    throw new UserError(t("{0} can't be the name of a pin.", JSON.stringify(pin.name)));
  const keep =
    pin.keepRevisions === KEEP_FOREVER ? ["--keep-forever"] : ["--keep-revisions", String(pin.keepRevisions)];
  return call(access, ["pin", checkedCachixCache(cache), pin.name, path, ...keep]);
}

/** Sends every new path of the store until it is stopped. */
export function cachixWatchStore(
  access: CachixAccess,
  cache: string,
  options: CachixPushOptions,
): Invocation {
  return call(access, ["watch-store", checkedCachixCache(cache), ...compressed(options)]);
}

/** Runs a command and sends what it builds. */
export function cachixWatchExec(
  access: CachixAccess,
  cache: string,
  command: readonly string[],
  options: CachixPushOptions,
): Invocation {
  const [program, ...args] = command;
  if (program === undefined) throw new UserError(t("There is no command to watch."));
  return call(access, [
    "watch-exec",
    checkedCachixCache(cache),
    ...compressed(options),
    program,
    "--",
    ...args,
  ]);
}

/** Takes over the content of an S3 cache. */
export function cachixImport(access: CachixAccess, cache: string, bucket: string): Invocation {
  if (!/^s3:\/\/[A-Za-z0-9]/.test(bucket))
    throw new UserError(t("{0} is no address of an S3 bucket, such as s3://NAME?region=REGION.", bucket));
  return call(access, ["import", checkedCachixCache(cache), bucket]);
}

/** Keeps running and sends what `cachix daemon push` hands to it. */
export function cachixDaemon(access: CachixAccess, cache: string, options: CachixPushOptions): Invocation {
  return call(access, ["daemon", "run", checkedCachixCache(cache), ...compressed(options)]);
}

/** Says what is wrong with its configuration and its connections. */
export function cachixDoctor(access: CachixAccess, cache: string): Invocation {
  return call(access, ["doctor", "--cache", checkedCachixCache(cache)]);
}

/** The text of `deploy.json`: which system each agent activates. */
export function deploySpecification(systems: ReadonlyMap<string, string>): string {
  const agents = Object.fromEntries([...systems].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ agents }, undefined, 2)}\n`;
}

function call({ program, token }: CachixAccess, args: readonly string[]): Invocation {
  // Cachix refuses to start without USER, which a window started by a service may lack
  const user = process.env["USER"] ?? process.env["LOGNAME"] ?? "nobody";
  const env = token === undefined ? { USER: user } : { USER: user, CACHIX_AUTH_TOKEN: token };
  return { command: program, args, env, secrets: token === undefined ? [] : [token] };
}

function compressed({ compression }: CachixPushOptions): readonly string[] {
  return ["--compression-method", compression];
}

function lines(paths: readonly string[]): string {
  return paths.map(path => `${path}\n`).join("");
}
