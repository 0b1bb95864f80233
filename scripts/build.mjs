// Bundles client and server with esbuild. `--watch` rebuilds on change; `--production` minifies, drops source maps and writes
// down the licences of what is bundled; `--only=server/src/main.ts` builds that one bundle.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { noticesFile, noticesOf } from "./notices.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const only = process.argv.find(argument => argument.startsWith("--only="))?.slice("--only=".length);

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: production,
  sourcemap: !production,
  logLevel: "info",
  metafile: production,
  // native parts of ssh2 are optional and never installed
  external: ["vscode", "cpu-features", "./crypto/build/Release/sshcrypto.node", "*.node"],
  mainFields: ["module", "main"],
  // its ESM form asks for import.meta.url, which a CommonJS bundle has not
  alias: { "web-tree-sitter": path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
};

/**
 * Libraries that are files of their own beside the client's bundle, first parsed when they are first needed: after
 * activation, and when a host is asked.
 */
const libraries = { "vscode-languageclient/node": "languageClient.js", ssh2: "ssh2.js" };

/** For the command line the whole language server is one: of its commands only `lsp` needs it. */
const languageServer = { "../main": "main.js" };

/**
 * Keeps modules apart from a bundle, each in a file beside it.
 * @param {Readonly<Record<string, string>>} files
 * @returns {import("esbuild").BuildOptions}
 */
function apart(files) {
  return {
    plugins: [
      {
        name: "files apart",
        setup: build =>
          build.onResolve({ filter: /./ }, ({ path: name, kind }) =>
            kind !== "entry-point" && Object.hasOwn(files, name)
              ? { path: `./${files[name]}`, external: true }
              : undefined,
          ),
      },
    ],
    // `require` gives all names of a CommonJS file, `import()` only those that Node guesses
    supported: { "dynamic-import": false },
  };
}

const bundles = [
  {
    ...common,
    entryPoints: ["client/src/extension.ts"],
    outfile: "client/dist/extension.js",
    ...apart(libraries),
  },
  ...Object.entries(libraries).map(([library, file]) => ({
    ...common,
    entryPoints: [library],
    outfile: `client/dist/${file}`,
  })),
  { ...common, entryPoints: ["server/src/main.ts"], outfile: "server/dist/main.js" },
  {
    ...common,
    entryPoints: ["server/src/treesAheadThread.ts"],
    outfile: "server/dist/treesAheadThread.js",
  },
  {
    ...common,
    entryPoints: ["server/src/cli.ts"],
    outfile: "server/dist/cli.js",
    ...apart(languageServer),
    banner: { js: "#!/usr/bin/env node" },
  },
].filter(({ entryPoints }) => only === undefined || entryPoints.includes(only));

/** The grammar and the parser's runtime are loaded as files beside the server's bundle. */
function copyWasm() {
  mkdirSync(path.join(root, "server/dist"), { recursive: true });
  cpSync(
    path.join(root, "grammar/tree-sitter-nix.wasm"),
    path.join(root, "server/dist/tree-sitter-nix.wasm"),
  );
  cpSync(
    path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm"),
    path.join(root, "server/dist/web-tree-sitter.wasm"),
  );
}

copyWasm();
if (watch) {
  for (const options of bundles) await (await esbuild.context(options)).watch();
} else {
  const results = await Promise.all(bundles.map(options => esbuild.build(options)));
  if (production && only === undefined)
    writeFileSync(noticesFile, noticesOf(results.map(({ metafile }) => metafile)));
}
