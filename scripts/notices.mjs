// The licences of the packages that were bundled: they ask to be passed on with every copy. Written by a production build.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./setup.mjs";

export const noticesFile = path.join(root, "THIRD-PARTY-NOTICES.txt");

/**
 * The licence texts of all packages that are part of these bundles, as one text.
 * @param {import("esbuild").Metafile[]} metafiles
 */
export function noticesOf(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  // the grammar is compiled into a file of its own
  const folders = new Set(["node_modules/tree-sitter-nix", ...inputs.flatMap(packageFolder)]);
  return [...folders]
    .sort()
    .map(notice)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** The innermost package that a bundled file belongs to. */
function packageFolder(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found ? [found[1]] : [];
}

function notice(folder) {
  const manifest = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const { name, version, license = manifest.licenses?.map(({ type }) => type).join(" or ") } = manifest;
  const file = readdirSync(path.join(root, folder)).find(entry => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (!file) throw new Error(`${name} ships no licence text`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(root, folder, file), "utf8").trim()}\n`;
}
