// The version of the package that this bundle belongs to, for people and for the protocol.

import { readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";

const manifest = v.object({ version: v.string() });

/** Reads the package.json two folders above the bundle: `server/dist` in the repository and in the VSIX alike. */
export function loadPackageVersion(bundleFolder: string): string {
  const text = readFileSync(path.join(bundleFolder, "../../package.json"), "utf8");
  return v.parse(manifest, JSON.parse(text)).version;
}
