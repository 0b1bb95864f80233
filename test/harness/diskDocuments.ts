// The Documents port on plain files, for flows that edit configurations under plain Node.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { applyChanges } from "../../client/src/configuration/textChanges";
import type { Documents } from "../../client/src/ports/documents";

export const diskDocuments: Documents = {
  readText: async path => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
  async apply(files) {
    for (const { path, edits } of files)
      writeFileSync(path, applyChanges(readFileSync(path, "utf8"), edits).text);
    return true;
  },
};
