// What is copied to a host: how much, and which part the host gets from its own caches.

import type { ProcessRunner } from "../../ports/process";
import type { ClosurePath } from "../../state/closureDiff";
import type { SshConnection } from "../sshOptions";
import type { HostState } from "./inspect";
import { findSources } from "./sources";

export interface Transfer {
  readonly paths: number;
  /** Undefined where a size is not known. */
  readonly bytes: number | undefined;
  /** Bytes left in the host's store. */
  readonly free: number | undefined;
  /** What of it the host's own caches have; undefined where it is not known. */
  readonly fetched: readonly Fetched[] | undefined;
}

/** What a host gets from one of its caches. */
export interface Fetched {
  readonly cache: string;
  readonly paths: number;
  readonly bytes: number | undefined;
}

/** Those of the new paths that the host does not have; undefined where it does not tell. */
export function lackingOf(
  after: readonly ClosurePath[],
  { missing }: HostState,
): readonly ClosurePath[] | undefined {
  return missing === undefined ? undefined : after.filter(({ storePath }) => missing.has(storePath));
}

export async function transferOf(
  processes: ProcessRunner,
  connection: SshConnection,
  lacking: readonly ClosurePath[],
  { free }: HostState,
  signal: AbortSignal,
): Promise<Transfer> {
  const names = lacking.map(({ storePath }) => storePath);
  const sources = names.length === 0 ? [] : await findSources(processes, connection, names, signal);
  const fetched = sources?.map(({ cache, paths }) => ({
    cache,
    paths: paths.size,
    bytes: bytesOfAll(lacking.filter(({ storePath }) => paths.has(storePath))),
  }));
  return { paths: lacking.length, bytes: bytesOfAll(lacking), free, fetched };
}

/** Undefined where a size is not known. */
function bytesOfAll(paths: readonly ClosurePath[]): number | undefined {
  return paths.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}
