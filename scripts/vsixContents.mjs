// What a VSIX holds, read from the file itself, and whether that is what may be published.
import { readFileSync } from "node:fs";

const sizeLimit = 1.5 * 1024 * 1024;

/** Everything that belongs into a VSIX; each of these must match a file, and no other file may be in it. */
const expected = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package\.json$/,
  /^extension\/package\.nls\.json$/,
  /^extension\/readme\.md$/,
  /^extension\/changelog\.md$/,
  /^extension\/LICENSE\.txt$/,
  /^extension\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/l10n\/bundle\.l10n\.json$/,
  /^extension\/client\/dist\/(extension|languageClient|ssh2)\.js$/,
  /^extension\/server\/dist\/(main|cli|treesAheadThread)\.js$/,
  /^extension\/server\/dist\/[\w-]+\.wasm$/,
  /^extension\/syntaxes\/[\w.-]+\.json$/,
  /^extension\/docs\/rules\/[\w-]+\.md$/,
  /^extension\/media\/[\w-]+\.(svg|png)$/,
  /^extension\/media\/walkthrough\/[\w-]+\.svg$/,
];

/**
 * The paths of all files of a zip archive, read from its central directory.
 * @param {string} file
 */
export function listArchive(file) {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf("PK\u0005\u0006");
  if (end === -1) throw new Error(`${file} is no zip archive`);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const names = [];
  for (let index = 0; index < count; index++) {
    const nameLength = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString("utf8", at + 46, at + 46 + nameLength));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

/**
 * What keeps a VSIX with these files and this size from being published.
 * @param {readonly string[]} names
 * @param {number} size
 */
export function packageProblems(names, size) {
  return [
    ...names
      .filter(name => !expected.some(pattern => pattern.test(name)))
      .map(name => `does not belong: ${name}`),
    ...expected
      .filter(pattern => !names.some(name => pattern.test(name)))
      .map(pattern => `missing: ${pattern}`),
    ...(size > sizeLimit ? [`larger than ${sizeLimit / 1024} KiB: ${Math.ceil(size / 1024)} KiB`] : []),
  ];
}
