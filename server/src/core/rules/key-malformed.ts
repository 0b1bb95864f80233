// key-malformed: an entry of trusted-public-keys that Nix cannot decode.

import { spanInText } from "../eval/datum";
import { type CacheKey, type CacheKeyProblem, formatCacheKey, parseCacheKey } from "../formats/cacheKey";
import { publishedKey } from "../knowledge/wellKnownCaches";
import { replaceEntry } from "./entryFixes";
import { BROKEN_LINE, breaksLine } from "./lineBreaks";
import { type SettingEntry, settingEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";
import { swapLists } from "./swappedLists";

const meta: RuleMeta = {
  code: "key-malformed",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An entry of `trusted-public-keys` is not a public key",
    why: `Nix expects \`NAME:BASE64\`, where the text after the colon decodes to exactly 32 bytes.

One entry that Nix cannot decode breaks **every** signature check on the host, so nothing is substituted from any cache,
cache.nixos.org included: \`error: public key is not valid\`, \`error: key is corrupt\` or \`error: invalid character in Base64 string\`.
Local builds still work and \`nix config show\` says nothing, so the mistake shows only when everything is built from source.
Two keys joined by a comma or semicolon are worse: Nix decodes the first and loses the second without a word.

Copy the whole key again from the documentation of the cache, or from the \`.pub\` file beside its secret key.`,
    bad: [
      '{ nix.settings.trusted-public-keys = [ "cache.example.org-1:T0xDDpZbMep2GjjzGDpRk32F" ]; }',
      {
        "nix.conf":
          "trusted-public-keys = cache.example.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=,b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
      },
    ],
    good: [
      '{ nix.settings.trusted-public-keys = [ "cache.example.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }',
    ],
  },
};

export const keyMalformed: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, "trusted-public-keys")) {
      const reading = parseCacheKey(entry.datum.text);
      if (reading.kind === "key" && breaksLine(entry)) reportLineBreak(ctx, entry, reading.key, report);
      // 64 bytes are the secret half: key-is-secret says so.
      if (reading.kind !== "problem" || reading.problem.kind === "is-secret") continue;
      const { problem } = reading;
      // What lib.optionalString leaves where its condition fails: Nix splits its list at blanks, so nothing is left of it.
      if (problem.kind === "empty") continue;
      // Whole keys with blanks between them are split by nix.conf: key-not-canonical.
      if (problem.kind === "blank-inside" && problem.instead !== undefined && !breaksLine(entry)) continue;
      report({
        span: spanInText(entry.datum, problem.start, problem.end),
        message: messageOf(entry, problem),
        fixes: fixesOf(ctx, entry, problem),
      });
    }
  },
};

/** A whole key with a line break around it, such as a file of its own has at its end. */
function reportLineBreak(ctx: FileContext, entry: SettingEntry, key: CacheKey, report: Report): void {
  const { text } = entry.datum;
  const at = text.indexOf("\n");
  const canonical = formatCacheKey(key);
  report({
    span: spanInText(entry.datum, at, at + 1),
    message: `the entry of "${key.name}" holds a line break${whereClause(entry.conditions)}: ${BROKEN_LINE}`,
    fixes: replaceEntry(ctx, entry, [canonical], { title: `Replace by ${canonical}`, safety: "safe" }),
  });
}

function messageOf(entry: SettingEntry, problem: CacheKeyProblem): string {
  if (problem.kind === "blank-inside" && problem.instead !== undefined)
    return `a line break stands between two keys${whereClause(entry.conditions)}: ${BROKEN_LINE}`;
  return `${whatIsWrong(entry.datum.text, problem)}${whereClause(entry.conditions)}: ${consequence(problem)}`;
}

function consequence(problem: CacheKeyProblem): string {
  return problem.kind === "joined-keys"
    ? "Nix reads the first and silently loses the rest"
    : "one bad key breaks every signature check, so the host substitutes nothing from any cache";
}

function whatIsWrong(text: string, problem: CacheKeyProblem): string {
  const name = text.trim().split(":")[0] ?? "";
  switch (problem.kind) {
    case "no-colon":
      return `"${short(text)}" is not NAME:BASE64: the colon is missing`;
    case "empty-name":
      return "the key has no name before its colon";
    case "empty-payload":
      return `"${name}" has no key after its colon`;
    case "bad-base64":
      return `the key of "${name}" holds "${text.slice(problem.start, problem.end)}", which is not Base64`;
    case "wrong-length":
      return `the key of "${name}" has ${problem.byteCount ?? 0} bytes instead of 32`;
    case "blank-inside":
      return `the key of "${name}" has a blank inside, where Nix splits it`;
    case "joined-keys":
      return "several keys in one entry";
    case "wrapped":
      return "quotes or brackets are part of this key";
    case "is-url":
      return `"${short(text)}" is a URL, which belongs in substituters, not a public key`;
    case "is-ssh-key":
      return "an SSH key is not the public key of a binary cache";
    case "is-age":
      return "an age key is not the public key of a binary cache";
    case "is-pgp":
      return "a PGP key is not the public key of a binary cache";
    case "is-private-key":
      return "a private key stands where the public key of a binary cache belongs";
    case "is-hash":
      return `"${short(text)}" is a hash, not NAME:BASE64`;
    case "empty":
    case "is-secret":
    case "is-public":
      return `the key of "${name}" is of the wrong kind`;
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

function fixesOf(ctx: FileContext, entry: SettingEntry, problem: CacheKeyProblem): readonly Fix[] {
  if (problem.kind === "is-url") return swapLists(ctx, entry.fact);
  const published = publishedFor(entry.datum.text, problem);
  const instead = problem.instead ?? (published === undefined ? [] : [published]);
  if (instead.length === 0) return [];
  const title = instead.length === 1 ? `Replace by ${instead[0]}` : `Split into ${instead.length} keys`;
  return replaceEntry(ctx, entry, instead, { title, safety: "safe" });
}

/** The key that its owner publishes under the name that stands here. */
function publishedFor(text: string, { kind }: CacheKeyProblem): string | undefined {
  if (kind !== "bad-base64" && kind !== "wrong-length" && kind !== "empty-payload") return undefined;
  const key = publishedKey(text.trim().split(":")[0] ?? "");
  return key === undefined ? undefined : formatCacheKey(key);
}
