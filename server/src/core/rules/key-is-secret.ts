// key-is-secret: the secret half of a cache key stands in the source.

import { type Datum, type PathDatum, spanInText, type TextDatum } from "../eval/datum";
import { sliceText } from "../eval/textDatum";
import { formatCacheKey, parseCacheKey, publicHalf } from "../formats/cacheKey";
import { findLeakedSecrets } from "../formats/leakedSecret";
import type { Span } from "../text/span";
import { replaceEntry, replaceInText } from "./entryFixes";
import { settingEntries, whereClause } from "./listEntries";
import { isNixosTest } from "./nixosTests";
import type { FileContext, Fix, FleetContext, Report, Rule, RuleMeta } from "./rule";

const SECRET =
  "vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

const meta: RuleMeta = {
  code: "key-is-secret",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "The secret half of a cache key stands in the source",
    why: `A secret key is \`NAME:\` and 64 bytes in Base64 (88 characters ending in \`==\`); its public half has 32 bytes (44 characters).

Whoever has the secret half can sign store paths that every host trusting the key installs as root. What stands in a configuration
is in the Git history and in the world-readable Nix store of every machine that evaluated it. In \`trusted-public-keys\` it also
breaks all substitution: \`error: public key is not valid\`.

Replace it by the public half, make a new key pair, and stop trusting the old name everywhere. A key in a test of NixOS
(\`testScript\`) is made up for it and left alone.`,
    bad: [
      `{ nix.settings.trusted-public-keys = [ "${SECRET}" ]; }`,
      `{ environment.etc."nix/key".text = "${SECRET}"; }`,
    ],
    good: [
      '{ nix.settings.trusted-public-keys = [ "vector.example.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }',
    ],
  },
};

export const keyIsSecret: Rule = {
  meta,
  checkFile(ctx, report) {
    const judged: Span[] = [];
    for (const entry of settingEntries(ctx.facts, "trusted-public-keys")) {
      const reading = parseCacheKey(entry.datum.text);
      if (reading.kind !== "problem" || reading.problem.kind !== "is-secret") continue;
      const name = nameOf(entry.datum.text);
      judged.push(entry.datum.span);
      report({
        span: spanInText(entry.datum, 0, entry.datum.text.length),
        message: `the secret half of "${name}" stands among the public keys${whereClause(entry.conditions)}: everybody who can read this file can sign for it, and Nix refuses it, so nothing is substituted; rotate the key`,
        fixes: replaceEntry(ctx, entry, reading.problem.instead ?? [], {
          title: `Replace by the public half of "${name}"`,
          safety: "review",
        }),
      });
    }
    const confs = ctx.facts.confs.flatMap(({ surface, text }) => (surface === "nix.conf" ? [text] : []));
    for (const text of [...ctx.facts.texts, ...confs]) reportSecretsInText(ctx, text, judged, report);
  },
  checkFleet(ctx, report) {
    for (const host of ctx.fleet.hosts) {
      const values = [...host.options, ...host.definitions].map(({ value }) => value);
      for (const named of values.flatMap(pathsIn)) reportSecretFile(ctx, named, report);
    }
    for (const named of ctx.namedPaths) reportSecretFile(ctx, named, report);
  },
};

/** A file with a key is small; what else a configuration names may be large. */
const MAX_KEY_FILE = 20_000;

/** A file of the work tree that the configuration names by a path. */
function reportSecretFile(ctx: FleetContext, { path, span }: PathDatum, report: Report): void {
  const text = ctx.textOf(path) ?? "";
  const [found] = text.length > MAX_KEY_FILE ? [] : findLeakedSecrets(text);
  if (found === undefined) return;
  report({
    span,
    message: `${path.slice(path.lastIndexOf("/") + 1)} holds the secret half of the cache key "${found.key.name}": it is in the work tree, and a path copies it to the world-readable store; keep it on the host alone and rotate the key`,
    related: [{ span: { path, start: found.start, end: found.end }, message: "the secret half" }],
  });
}

function pathsIn(datum: Datum): readonly PathDatum[] {
  switch (datum.kind) {
    case "path":
      return [datum];
    case "list":
      return datum.items.flatMap(pathsIn);
    case "attrs":
      return [...datum.entries.values()].flatMap(entry => pathsIn(entry.value));
    case "alternatives":
      return datum.branches.flatMap(branch => pathsIn(branch.value));
    default:
      return [];
  }
}

/** A signature looks like a secret key; only one whose halves belong together is certainly a secret. */
function reportSecretsInText(
  ctx: FileContext,
  datum: TextDatum,
  judged: readonly Span[],
  report: Report,
): void {
  for (const { start, end, key } of findLeakedSecrets(datum.text)) {
    if (isNixosTest(ctx.textOf(ctx.facts.path))) return;
    const found = sliceText(datum, start, end);
    if (judged.some(span => span.start <= found.span.start && found.span.end <= span.end)) continue;
    report({
      span: found.span,
      message: `the secret half of the cache key "${key.name}" stands in the source: everybody who can read this file can sign for it; rotate the key`,
      fixes: publicInstead(ctx, found, formatCacheKey(publicHalf(key)), key.name),
    });
  }
}

function publicInstead(ctx: FileContext, found: TextDatum, key: string, name: string): readonly Fix[] {
  const edits = replaceInText(ctx, found, { start: 0, end: found.text.length }, key);
  return edits === undefined
    ? []
    : [{ title: `Replace by the public half of "${name}"`, safety: "review", edits }];
}

function nameOf(text: string): string {
  return text.trim().split(":")[0] ?? "";
}
