// substituter-malformed: an entry of a substituter list that is no store URL, or not the one that was meant.

import { spanInText } from "../eval/datum";
import { parseStoreUrl, type StoreUrlProblem, type StoreUrlProblemKind } from "../formats/storeUrl";
import { removeEntry, replaceEntry } from "./entryFixes";
import { BROKEN_LINE, breaksLine } from "./lineBreaks";
import { type SettingEntry, SUBSTITUTERS, settingEntries, urlEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";
import { swapLists } from "./swappedLists";

const meta: RuleMeta = {
  code: "substituter-malformed",
  category: "caches",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A substituter is not a store URL, or not the one that was meant",
    why: `Nix takes \`https://host\`, \`s3://bucket\`, \`ssh://user@host\`, \`file:///path\` and their relatives.

- Without a scheme (\`cache.nixos.org\`) Nix up to 2.33 warns and skips the cache; from Nix 2.34 on **every** nix command fails with
  \`error: Cannot parse Nix store 'cache.nixos.org'\`, \`nix-daemon\` included. Quotes and brackets in nix.conf do the same.
- \`https//host\` is taken for a directory: Nix creates it without a word and never asks the cache.
- \`ssh://host/\` and \`ssh://host/path\`: SSH stores have no path, not even a slash. Up to Nix 2.33 the slash becomes part of the host
  name and the build fails (\`Could not resolve hostname host/\`), later the cache is dropped.
- A comma sticks to the URL before it: nix.conf lists are split at blanks only.
- A flake reference (\`github:owner/repo\`) is no store.`,
    bad: [
      '{ nix.settings.substituters = [ "cache.nixos.org" ]; }',
      '{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org/" ]; }',
      { "nix.conf": "substituters = https://cache.nixos.org, https://cache.example.org" },
    ],
    good: [
      '{ nix.settings.substituters = [ "https://cache.nixos.org" "ssh://nix-ssh@stage.example.org" ]; }',
      { "nix.conf": "substituters = https://cache.nixos.org https://cache.example.org" },
    ],
  },
};

/** What other rules report. */
const OTHERS: ReadonlySet<StoreUrlProblemKind> = new Set<StoreUrlProblemKind>([
  "unknown-scheme",
  "scheme-case",
  "unknown-parameter",
  "parameter-value",
  "parameter-without-value",
  "blank-inside",
]);

export const substituterMalformed: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, ...SUBSTITUTERS)) {
      if (breaksLine(entry)) reportLineBreak(ctx, entry, report);
    }
    for (const entry of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      for (const problem of parseStoreUrl(entry.datum.text).problems) {
        if (OTHERS.has(problem.kind)) continue;
        report({
          span: spanInText(entry.datum, problem.start, problem.end),
          message: messageOf(entry, problem),
          fixes: fixesOf(ctx, entry, problem),
        });
      }
    }
  },
};

function reportLineBreak(ctx: FileContext, entry: SettingEntry, report: Report): void {
  const { text } = entry.datum;
  const urls = text.split(/\s+/).filter(word => word !== "");
  const at = text.indexOf("\n");
  const title = urls.length === 1 ? `Replace by ${urls[0]}` : `Split into ${urls.length} URLs`;
  report({
    span: spanInText(entry.datum, at, at + 1),
    message: `the entry "${urls[0]}" holds a line break${whereClause(entry.conditions)}: ${BROKEN_LINE}`,
    fixes: replaceEntry(ctx, entry, urls, { title, safety: "safe" }),
  });
}

const FATAL = "Nix before 2.34 skips this cache, from 2.34 on every nix command on the host fails";
const SKIPPED = "Nix skips this cache";

function messageOf(entry: SettingEntry, problem: StoreUrlProblem): string {
  const text = entry.datum.text.trim();
  const [what, then] = wording(text, problem, text.slice(problem.start, problem.end));
  return `${what}${whereClause(entry.conditions)}: ${then}`;
}

/** What is wrong, and what happens then. */
function wording(text: string, problem: StoreUrlProblem, part: string): readonly [string, string] {
  switch (problem.kind) {
    case "no-scheme":
      return [`"${text}" has no scheme such as https://`, FATAL];
    case "missing-colon":
      return [
        `"${text}" lacks the colon after ${part.replace(/\/.*$/, "")}`,
        "Nix takes it for a local directory and never asks the cache",
      ];
    case "single-slash":
      return [`"${text}" has one slash where two belong`, SKIPPED];
    case "missing-slashes":
      return [`"${text}" lacks the // after its scheme`, SKIPPED];
    case "wrapped":
      return [`the quotes, brackets or commas in ${text} become part of the URL`, FATAL];
    case "joined":
      return ["several URLs are joined by a comma or semicolon, which becomes part of the first", SKIPPED];
    case "flake-reference":
      return [`"${text}" is a flake reference, not a store`, SKIPPED];
    case "is-key":
      return [`"${text}" is a cache key, which belongs in trusted-public-keys`, SKIPPED];
    case "ssh-address":
      return [`"${text}" has no ssh:// in front`, FATAL];
    case "empty-host":
      return [`"${text}" names no host`, SKIPPED];
    case "bad-host":
      return [`"${part}" is no host name`, SKIPPED];
    case "bad-port":
      return [`"${part}" is no port`, FATAL];
    case "ssh-path":
      return [
        `an SSH store has no path, but "${text}" ends in "${part}"`,
        "Nix before 2.34 takes it for part of the host name and the build fails, later ones drop the cache",
      ];
    case "relative-file":
      return [`"${text}" is no absolute path`, FATAL];
    case "fragment":
      return [`"${part}" starts a comment in nix.conf`, "Nix loses it and every substituter after it"];
    default:
      return [`"${text}" is not a store URL`, SKIPPED];
  }
}

function fixesOf(ctx: FileContext, entry: SettingEntry, problem: StoreUrlProblem): readonly Fix[] {
  if (problem.kind === "is-key") return swapLists(ctx, entry.fact);
  const { datum, form } = entry;
  if (form === "word" && /^["'[\](){},;]+$/.test(datum.text))
    return removeEntry(ctx, entry, { title: `Remove ${datum.text}`, safety: "safe" });
  const { instead } = problem;
  if (instead === undefined || instead.length === 0) return [];
  const title = instead.length === 1 ? `Replace by ${instead[0]}` : `Split into ${instead.length} URLs`;
  return replaceEntry(ctx, entry, instead, { title, safety: "safe" });
}
