// What `nix build --dry-run` says on stderr, for every version from 2.3 on: what would be built, what fetched, and how much
// that is. The text is no promise: Nix checks no signature in a dry run.

import { isStorePath } from "../../../server/src/core/formats/storePath";

export interface DryRun {
  /** Derivations that would be built here or by a builder. */
  readonly builds: readonly string[];
  /** Store paths that caches have. */
  readonly fetches: readonly string[];
  /** Of all fetches together, in bytes; undefined where nothing is fetched. */
  readonly download: number | undefined;
  readonly unpacked: number | undefined;
  /** Paths that are nowhere: Nix would fail. */
  readonly unavailable: readonly string[];
}

type Section = "builds" | "fetches" | "unavailable";

const HEADINGS: readonly (readonly [Section, RegExp])[] = [
  ["builds", /^(?:this derivation|these (?:\d+ )?derivations) will be built:$/],
  [
    "fetches",
    /^(?:this path|these (?:\d+ )?paths) will be fetched(?: \(([^,)]*) download, ([^,)]*) unpacked\))?:$/,
  ],
  ["unavailable", /^don't know how to build these paths(?: \(.*\))?:$/],
];

/** Reads the lines; warnings and everything else that Nix prints in between are passed over. */
export function parseDryRun(text: string): DryRun {
  const found: Record<Section, string[]> = { builds: [], fetches: [], unavailable: [] };
  let section: Section | undefined;
  let download: number | undefined;
  let unpacked: number | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.replace(ANSI, "").trimEnd();
    const path = /^ {2}(\S+)$/.exec(line)?.[1];
    if (section !== undefined && path !== undefined && isStorePath(path)) {
      found[section].push(path);
      continue;
    }
    const heading = headingOf(line);
    section = heading?.section;
    if (heading?.section !== "fetches") continue;
    download = add(download, parseSize(heading.sizes[0]));
    unpacked = add(unpacked, parseSize(heading.sizes[1]));
  }
  return { ...found, download, unpacked };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told about colours by the escape character
const ANSI = /\u001b\[[0-9;]*m/g;

function headingOf(
  line: string,
): { readonly section: Section; readonly sizes: readonly (string | undefined)[] } | undefined {
  for (const [section, pattern] of HEADINGS) {
    const match = pattern.exec(line);
    if (match !== null) return { section, sizes: match.slice(1) };
  }
  return undefined;
}

const UNITS: readonly string[] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `0.34 MiB` up to 2.32, `348.2 KiB` from 2.33 on, as bytes. */
function parseSize(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ([KMGTP]?i?B|bytes)$/.exec(text ?? "");
  if (match === null) return undefined;
  const power = match[2] === "bytes" ? 0 : UNITS.indexOf(match[2] ?? "");
  return power < 0 ? undefined : Math.round(Number(match[1]) * 1024 ** power);
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : a + b;
}
