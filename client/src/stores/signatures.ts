// Whether a host that trusts these keys would take a path as a cache describes it, and why not: exactly Nix's own rules.

import { type CacheKey, formatCacheKey, parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { verifyPath } from "../../../server/src/core/formats/cacheSignature";
import type { NarInfo } from "../../../server/src/core/formats/narInfo";
import { nodeEd25519 } from "../../../server/src/io/ed25519";
import type { TroubleKind } from "./trouble";

/** What a cache says of a path, from a narinfo or from `nix path-info`. */
export type PathDescription = Pick<
  NarInfo,
  "storePath" | "narHash" | "narSize" | "references" | "signatures" | "ca"
>;

export type Verdict =
  /** `by` is the name of the trusted key that signed; undefined for content-addressed paths, which need none. */
  { readonly kind: "usable"; readonly by: string | undefined } | SignatureTrouble;

export interface SignatureTrouble {
  readonly kind: "trouble";
  readonly trouble: Extract<TroubleKind, "missing-key" | "wrong-key" | "unsigned" | "malformed-key">;
  /** Under which names the path is signed. */
  readonly names: readonly string[];
  /** The entry of the trusted keys that is in the way: malformed, or of the signer's name. */
  readonly entry: string | undefined;
}

/** `trusted` are the entries of trusted-public-keys as they stand. */
export function judgePath(path: PathDescription, trusted: readonly string[]): Verdict {
  const names = signerNames(path.signatures);
  const trouble = (kind: SignatureTrouble["trouble"], entry?: string): Verdict => ({
    kind: "trouble",
    trouble: kind,
    names,
    entry,
  });
  const keys: CacheKey[] = [];
  for (const entry of trusted) {
    const reading = parseCacheKey(entry);
    if (reading.kind === "problem") return trouble("malformed-key", entry);
    if (reading.kind === "key") keys.push(reading.key);
  }
  const verdict = verifyPath(path, keys, nodeEd25519);
  if (verdict.kind !== "valid" && path.ca !== undefined) return { kind: "usable", by: undefined };
  switch (verdict.kind) {
    case "valid":
      return { kind: "usable", by: verdict.key.name };
    case "wrong-key":
      return trouble("wrong-key", formatCacheKey(verdict.key));
    case "untrusted":
      return trouble("missing-key");
    case "unsigned":
      return trouble("unsigned");
  }
}

/** Names are shown to people, and a cache may write thousands of them, of any length. */
const MAX_NAMES = 10;
const MAX_NAME = 100;

function signerNames(signatures: readonly string[]): readonly string[] {
  const names = signatures.slice(0, 1000).map(signature => signature.slice(0, MAX_NAME).split(":")[0] ?? "");
  return [...new Set(names)].slice(0, MAX_NAMES);
}
