// `nix-cache-info`, the description of a binary cache, as Nix reads it. Comes from the network: bounded, never trusted.

export interface NixCacheInfo {
  /** Nix uses the cache only if this is `/nix/store` or missing. */
  readonly storeDir?: string;
  readonly wantMassQuery?: boolean;
  /** Lower is asked first; without it Nix takes 0. */
  readonly priority?: number;
}

export type NixCacheInfoReading =
  | { readonly kind: "info"; readonly info: NixCacheInfo }
  /** Not such a file: a web page, for example. */
  | { readonly kind: "not-cache-info" }
  /** Nix itself fails on it (`error: stoi`). */
  | { readonly kind: "bad-priority"; readonly text: string };

const MAX_LENGTH = 64 * 1024;

export function parseNixCacheInfo(text: string): NixCacheInfoReading {
  if (text.length > MAX_LENGTH) return { kind: "not-cache-info" };
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), trimmed(line.slice(colon + 1)));
  }
  const storeDir = fields.get("StoreDir");
  const wantMassQuery = fields.get("WantMassQuery");
  const priority = fields.get("Priority");
  if ((storeDir ?? wantMassQuery ?? priority) === undefined) return { kind: "not-cache-info" };
  if (priority !== undefined && !/^[+-]?\d{1,9}/.test(priority))
    return { kind: "bad-priority", text: priority };
  return {
    kind: "info",
    info: {
      ...(storeDir === undefined ? {} : { storeDir }),
      ...(wantMassQuery === undefined ? {} : { wantMassQuery: wantMassQuery === "1" }),
      ...(priority === undefined ? {} : { priority: Number.parseInt(priority, 10) }),
    },
  };
}

/** Without blanks around it, as Nix trims. A pattern for this takes time by the square of a hostile length. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start++;
  while (end > start && BLANKS.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

const BLANKS = " \t\r";
