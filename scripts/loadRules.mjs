// Bundles the rules and their pages, which are TypeScript, so that scripts can use them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import esbuild from "esbuild";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The modules `rules/index.ts` and `rules/rulePages.ts` together. */
export async function loadRules() {
  const folder = mkdtempSync(path.join(tmpdir(), "nix-deploy-rules-"));
  const outfile = path.join(folder, "rules.mjs");
  try {
    await esbuild.build({
      stdin: {
        contents: 'export * from "./index"; export * from "./rulePages"; export * from "./ruleSettings";',
        resolveDir: path.join(root, "server/src/core/rules"),
        loader: "ts",
      },
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
