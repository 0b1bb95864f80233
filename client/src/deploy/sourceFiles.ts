// Compares a file in the store with one of the project, for errors that point into a copy of the project.

import { readFileSync, statSync } from "node:fs";
import type { SourceFiles } from "./nixErrorLines";

const LIMIT = 4_000_000;

export const nodeSourceFiles: SourceFiles = {
  same(storePath, projectPath) {
    try {
      if (statSync(storePath).size > LIMIT) return false;
      return readFileSync(storePath).equals(readFileSync(projectPath));
    } catch {
      // one of them does not exist or cannot be read: then they are not known to be the same
      return false;
    }
  },
};
