// `.narinfo` files of binary caches, and the text that their signatures sign. The text comes from the network: size and
// number of fields are bounded, and anything that Nix would call corrupt is a problem, never an exception.

import { decodeBase64 } from "./base64";
import { decodeNixBase32, encodeNixBase32, isStorePath, parseStoreBaseName, STORE_DIR } from "./storePath";

export interface NarInfo {
  readonly storePath: string;
  readonly url: string;
  /** `xz`, `zstd`, `none`, …; Nix takes a missing one for bzip2. */
  readonly compression: string;
  readonly fileHash?: string;
  readonly fileSize?: number;
  /** `sha256:` and 52 characters of Nix base 32, whatever form the file had. */
  readonly narHash: string;
  readonly narSize: number;
  /** Base names. */
  readonly references: readonly string[];
  readonly deriver?: string;
  /** `NAME:BASE64`. */
  readonly signatures: readonly string[];
  readonly ca?: string;
}

export interface NarInfoProblem {
  readonly kind: "too-large" | "syntax" | "missing" | "bad-value";
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
  /** The field, where one is concerned. */
  readonly field?: string;
}

export type NarInfoReading =
  | { readonly kind: "narinfo"; readonly info: NarInfo }
  | { readonly kind: "problem"; readonly problem: NarInfoProblem };

/** Real ones have at most some hundred kilobytes, from tens of thousands of references. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_LINES = 1000;
const MAX_REFERENCES = 100_000;

export function parseNarInfo(text: string): NarInfoReading {
  if (text.length > MAX_LENGTH) return problem("too-large", 0);
  const lines = text.split("\n");
  if (lines.length > MAX_LINES) return problem("too-large", MAX_LINES);
  // Every line of a narinfo ends in a line feed; a last line without one is cut off.
  if (lines.pop() !== "") return problem("syntax", lines.length + 1);
  const fields = new Map<string, Field>();
  const signatures: string[] = [];
  for (const [index, line] of lines.entries()) {
    const colon = line.indexOf(":");
    if (colon <= 0) return problem("syntax", index + 1);
    const name = line.slice(0, colon);
    const value = line.slice(colon + 2).replace(/\r$/, "");
    if (name === "Sig") signatures.push(value);
    else fields.set(name, { value, line: index + 1 });
  }
  return readFields(fields, signatures);
}

/** The text that a signature of a path signs: `1;PATH;HASH;SIZE;REFERENCES`. Only these four are protected by it. */
export function pathFingerprint(
  info: Pick<NarInfo, "storePath" | "narHash" | "narSize" | "references">,
): string {
  const references = [...info.references].sort().map(name => `${STORE_DIR}/${name}`);
  return `1;${info.storePath};${info.narHash};${info.narSize};${references.join(",")}`;
}

/** A SHA-256 as `sha256:` and Nix base 32, from that form, base 16 or SRI; undefined if it is none of them. */
export function normalNarHash(text: string): string | undefined {
  const sri = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1];
  const plain = /^sha256:(.+)$/.exec(text)?.[1];
  const bytes = sri !== undefined ? decodeBase64(sri) : plain === undefined ? undefined : hashBytes(plain);
  return bytes?.length === 32 ? `sha256:${encodeNixBase32(bytes)}` : undefined;
}

interface Field {
  readonly value: string;
  readonly line: number;
}

function problem(kind: NarInfoProblem["kind"], line: number, field?: string): NarInfoReading {
  return { kind: "problem", problem: field === undefined ? { kind, line } : { kind, line, field } };
}

function readFields(fields: ReadonlyMap<string, Field>, signatures: readonly string[]): NarInfoReading {
  for (const name of ["StorePath", "NarHash", "URL", "NarSize"]) {
    if ((fields.get(name)?.value ?? "") === "") return problem("missing", fields.get(name)?.line ?? 0, name);
  }
  const text = (name: string): string => fields.get(name)?.value ?? "";
  const bad = (name: string): NarInfoReading => problem("bad-value", fields.get(name)?.line ?? 0, name);
  const narHash = normalNarHash(text("NarHash"));
  const narSize = size(text("NarSize"));
  const fileSize = fields.has("FileSize") ? size(text("FileSize")) : undefined;
  const references = text("References")
    .split(" ")
    .filter(name => name !== "");
  if (!isStorePath(text("StorePath"))) return bad("StorePath");
  if (narHash === undefined) return bad("NarHash");
  if (narSize === undefined || narSize === 0) return bad("NarSize");
  if (fields.has("FileSize") && fileSize === undefined) return bad("FileSize");
  if (references.length > MAX_REFERENCES) return bad("References");
  if (references.some(name => parseStoreBaseName(name) === undefined)) return bad("References");
  const fileHash = text("FileHash");
  const deriver = text("Deriver");
  const ca = text("CA");
  return {
    kind: "narinfo",
    info: {
      storePath: text("StorePath"),
      url: text("URL"),
      compression: text("Compression") === "" ? "bzip2" : text("Compression"),
      ...(fileHash === "" ? {} : { fileHash }),
      ...(fileSize === undefined ? {} : { fileSize }),
      narHash,
      narSize,
      references,
      ...(deriver === "" || deriver === "unknown-deriver" ? {} : { deriver }),
      signatures,
      ...(ca === "" ? {} : { ca }),
    },
  };
}

function size(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function hashBytes(text: string): Uint8Array | undefined {
  if (text.length === 52) return decodeNixBase32(text);
  if (!/^[0-9a-fA-F]{64}$/.test(text)) return text.length === 44 ? decodeBase64(text) : undefined;
  return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}
