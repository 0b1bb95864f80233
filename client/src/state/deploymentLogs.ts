// Where the raw logs of deployments are: one folder a run beside the ledger, one file a host in it.

import { readdir } from "node:fs/promises";
import path from "node:path";
import { hasCode } from "../ports/files";

/** The folder of all runs' logs. */
export function logsFolder(ledgerPath: string): string {
  return path.join(path.dirname(ledgerPath), "logs");
}

/** A run's folder sorts by time, and ends with the run's id. */
export function runFolderName(startedAt: string, run: string): string {
  return `${startedAt.replace(/[:.]/g, "-")} ${run}`;
}

/** The log of one host in the folder of its run. Names may hold anything; file names may not. */
export function logPath(runFolder: string, host: string): string {
  return path.join(
    runFolder,
    `${host.replace(/[^A-Za-z0-9_-]/g, char => `%${char.codePointAt(0)?.toString(16)}`)}.log`,
  );
}

/** Where the log of a past deployment would be; undefined once its run's folder is gone. */
export async function findLog(ledgerPath: string, run: string, host: string): Promise<string | undefined> {
  const folder = logsFolder(ledgerPath);
  try {
    const name = (await readdir(folder)).find(each => each.endsWith(` ${run}`));
    return name === undefined ? undefined : logPath(path.join(folder, name), host);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
