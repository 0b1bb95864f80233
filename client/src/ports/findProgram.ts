// Looks a program up as the system would, without running it.

import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** The program's path, or undefined if it can't be run. Relative entries of PATH are passed over. */
export function findProgram(name: string, searchPath = process.env["PATH"] ?? ""): string | undefined {
  if (name.includes("/")) return isProgram(name) ? name : undefined;
  const folders = searchPath.split(path.delimiter).filter(folder => path.isAbsolute(folder));
  return folders.map(folder => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // absent or not executable: both mean that it can't be run
    return false;
  }
}
