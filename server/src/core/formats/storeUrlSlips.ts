// What people write where a store URL belongs and Nix takes for something else: a bare host, a missing colon, a flake
// reference, a cache key, brackets and commas from other list syntaxes.

import { parseCacheKey } from "./cacheKey";
import type { StoreUrlProblem, StoreUrlProblemKind } from "./storeUrl";
import { type TextPart, UNKNOWN_MARK, wordsOf } from "./textPart";

/** The slip that makes the whole reference something other than a store URL; undefined if it is one by form. */
export function findSlip(part: TextPart): StoreUrlProblem | undefined {
  const { text } = part;
  if (text === "") return undefined;
  return blankInside(part) ?? wrapped(part) ?? joined(part) ?? notAUrl(part);
}

const SCHEMES = "https?|s3|ssh-ng|ssh|file";

function problem(
  part: TextPart,
  kind: StoreUrlProblemKind,
  more: { readonly instead?: readonly string[]; readonly from?: number; readonly to?: number } = {},
): StoreUrlProblem {
  const { instead, from = 0, to = part.text.length } = more;
  const range = { start: part.start + from, end: part.start + to };
  return instead === undefined ? { kind, ...range } : { kind, ...range, instead };
}

function blankInside(part: TextPart): StoreUrlProblem | undefined {
  const words = wordsOf(part.text);
  const [first, second] = words;
  if (first === undefined || second === undefined) return undefined;
  const instead = words.map(word => word.text);
  const whole = instead.every(word => /^[a-z0-9-]+:\/\/[^,;]+$/.test(word));
  const more = whole ? { instead } : {};
  return problem(part, "blank-inside", { from: first.end, to: second.start, ...more });
}

const OPENING = /^["'[({<]+/;
const CLOSING = "\"'])}>,;";

function wrapped(part: TextPart): StoreUrlProblem | undefined {
  const { text } = part;
  const ipv6Host = /:\/\/([^/?#]*@)?\[[^\]]*\]$/.test(text);
  const open = OPENING.exec(text)?.[0].length ?? 0;
  const close = ipv6Host ? 0 : closingLength(text, open);
  if (open === 0 && close === 0) return undefined;
  const inside = text.slice(open, text.length - close);
  const clean = new RegExp(`^(${SCHEMES})://[^"',;\\s[\\](){}]+$`).test(inside);
  return problem(part, "wrapped", clean ? { instead: [inside] } : {});
}

/** How many closing marks end the text, at most up to `from`. */
function closingLength(text: string, from: number): number {
  let end = text.length;
  while (end > from && CLOSING.includes(text.charAt(end - 1))) end--;
  return text.length - end;
}

function joined(part: TextPart): StoreUrlProblem | undefined {
  const separator = new RegExp(`[,;](?=(${SCHEMES})://)`);
  const match = separator.exec(part.text);
  if (match === null) return undefined;
  return problem(part, "joined", {
    from: match.index,
    to: match.index + 1,
    instead: part.text.split(new RegExp(separator, "g")).filter((_, i) => i % 2 === 0),
  });
}

function notAUrl(part: TextPart): StoreUrlProblem | undefined {
  const { text } = part;
  if (parseCacheKey(text).kind === "key" && !/^[a-z0-9-]+:\/\//.test(text)) return problem(part, "is-key");
  const flake =
    /^(github|gitlab|sourcehut|path|flake|indirect|channel|git|git\+[a-z]+|hg\+[a-z]+|tarball\+[a-z]+|file\+[a-z]+):/;
  if (flake.test(text)) return problem(part, "flake-reference");
  return brokenScheme(part) ?? withoutScheme(part);
}

function brokenScheme(part: TextPart): StoreUrlProblem | undefined {
  const { text } = part;
  const match = new RegExp(`^(${SCHEMES})(//|:/(?!/)|:(?!/))(.+)$`, "i").exec(text);
  if (match === null) return undefined;
  const [, scheme = "", sign = "", rest = ""] = match;
  const lower = scheme.toLowerCase();
  // `ssh:host` and `file:/dir` work in all versions.
  if ((lower === "file" && sign === ":/") || (lower.startsWith("ssh") && sign === ":")) return undefined;
  if (lower === "file" && sign === ":") return problem(part, "relative-file", { from: "file:".length });
  const kind = sign === "//" ? "missing-colon" : sign === ":/" ? "single-slash" : "missing-slashes";
  const range = { from: 0, to: scheme.length + sign.length };
  // `file//dir` may mean /dir or dir.
  return problem(part, kind, lower === "file" ? range : { ...range, instead: [`${lower}://${rest}`] });
}

/** A text that has no scheme: a host name, a word, or an address of ssh; undefined for real paths and known words. */
function withoutScheme(part: TextPart): StoreUrlProblem | undefined {
  const { text } = part;
  const before = text.split("?")[0] ?? "";
  if (/^([^:/@\s]+:\/\/|(file|ssh|ssh-ng):)/.test(before) || /^(auto|daemon|local)$/.test(before))
    return undefined;
  if (before === "" || /^(\/|\.{1,2}(\/|$)|~)/.test(before) || before.includes(UNKNOWN_MARK))
    return undefined;
  const ssh = /^([A-Za-z_][\w.-]*@[A-Za-z0-9[][\w.:\]-]*?)(:[^:]*|\/.*)?$/.exec(before);
  if (ssh?.[1] !== undefined) {
    const port = /^:\d+$/.test(ssh[2] ?? "") ? ssh[2] : "";
    return problem(part, "ssh-address", { instead: [`ssh://${ssh[1]}${port ?? ""}`] });
  }
  const host = /^([A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+)(:\d+)?(\/.*)?$/.exec(before);
  if (host !== null && isDomain(host[1] ?? "")) {
    return problem(part, "no-scheme", host[3] === undefined ? { instead: [`https://${text}`] } : {});
  }
  // With a slash it is a relative directory, which may be meant.
  return before.includes("/") && host === null ? undefined : problem(part, "no-scheme");
}

/** Ends in letters, as domains do and version numbers or addresses do not. */
function isDomain(host: string): boolean {
  return /\.[A-Za-z]{2,}$/.test(host);
}
