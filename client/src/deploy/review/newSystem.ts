// The system that is about to be deployed, as it lies in the store of this machine.

import { readdir, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { isStorePath } from "../../../../server/src/core/formats/storePath";
import { hasCode } from "../../ports/files";
import { capture, type ProcessRunner, succeeded } from "../../ports/process";
import type { ClosurePath } from "../../state/closureDiff";
import { BOOT_PARTS, bytesOf, type SystemParts } from "./inspect";

/** All paths of a system with their sizes; undefined where it is not in our store. */
export async function localClosure(
  processes: ProcessRunner,
  nix: string,
  system: string,
  signal: AbortSignal,
): Promise<readonly ClosurePath[] | undefined> {
  const args = ["path-info", "--recursive", "--size", system, "--extra-experimental-features", "nix-command"];
  const { result, stdout } = await capture(processes, { command: nix, args }, signal);
  return succeeded(result) ? parsePathInfo(stdout) : undefined;
}

/** Lines of a store path, blanks or tabs, and its size in bytes. */
export function parsePathInfo(text: string): readonly ClosurePath[] {
  return text.split("\n").flatMap(line => {
    const [storePath = "", size = ""] = line.trim().split(/\s+/);
    return isStorePath(storePath) ? [{ storePath, bytes: bytesOf(size) }] : [];
  });
}

/** What can be compared without running the system. Empty where it has no such parts, or is not here. */
export async function localParts(system: string): Promise<SystemParts> {
  const [units, boot] = await Promise.all([unitsOf(system), bootOf(system)]);
  return { units, boot };
}

async function unitsOf(system: string): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(system, "etc/systemd/system");
  const names = (await orAbsent(readdir(folder))) ?? [];
  const links = await Promise.all(
    names.map(async name => [name, await orAbsent(readlink(path.join(folder, name)))] as const),
  );
  return new Map(links.flatMap(([name, target]) => (target === undefined ? [] : [[name, target] as const])));
}

async function bootOf(system: string): Promise<ReadonlyMap<string, string>> {
  const parts = await Promise.all(
    BOOT_PARTS.map(async part => [part, await orAbsent(realpath(path.join(system, part)))] as const),
  );
  return new Map(parts.flatMap(([part, target]) => (target === undefined ? [] : [[part, target] as const])));
}

/** What is no link, or not there, is not compared. */
async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EINVAL", "EACCES")) return undefined;
    throw error;
  }
}
