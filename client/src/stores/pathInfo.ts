// The answer of `nix path-info --json` in the shapes of Nix 2.4 to 2.35.

import { normalNarHash } from "../../../server/src/core/formats/narInfo";
import { isStorePath, parseStoreBaseName, STORE_DIR } from "../../../server/src/core/formats/storePath";
import { isRecord, isStrings, parseJson } from "../json";
import type { PathDescription } from "./signatures";

export type PathInfoReading =
  | { readonly kind: "path"; readonly path: PathDescription }
  /** The store answered that it does not have the path. */
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable" };

/** Reads what was said of one path. */
export function readPathInfo(json: string, storePath: string): PathInfoReading {
  const entry = entryOf(parseJson(json), storePath);
  if (entry === undefined) return { kind: "unreadable" };
  if (entry === null || !isRecord(entry) || entry["valid"] === false) return { kind: "absent" };
  const narHash = typeof entry["narHash"] === "string" ? normalNarHash(entry["narHash"]) : undefined;
  const { narSize, ca } = entry;
  const references = isStrings(entry["references"]) ? entry["references"].map(baseName) : undefined;
  const signatures = signaturesOf(entry["signatures"]);
  if (
    narHash === undefined ||
    typeof narSize !== "number" ||
    references === undefined ||
    signatures === undefined
  )
    return { kind: "unreadable" };
  if (!isStorePath(storePath) || references.some(name => parseStoreBaseName(name) === undefined))
    return { kind: "unreadable" };
  const content = ca === null || ca === undefined || ca === "" ? {} : { ca: String(ca) };
  return { kind: "path", path: { storePath, narHash, narSize, references, signatures, ...content } };
}

/** An array up to 2.18, an object by path from 2.19, `info` by base name in format 2; null where the path is absent. */
function entryOf(value: unknown, storePath: string): unknown {
  if (Array.isArray(value)) return value.find(item => isRecord(item) && item["path"] === storePath);
  if (!isRecord(value)) return undefined;
  const all = isRecord(value["info"]) ? value["info"] : value;
  return all[storePath] ?? all[baseName(storePath)] ?? (storePath in all ? null : undefined);
}

function signaturesOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  return value.map(item => {
    if (!isRecord(item)) return String(item);
    return `${String(item["keyName"])}:${String(item["sig"])}`;
  });
}

function baseName(text: string): string {
  return text.startsWith(`${STORE_DIR}/`) ? text.slice(STORE_DIR.length + 1) : text;
}
