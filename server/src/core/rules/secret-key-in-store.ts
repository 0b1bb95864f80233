// secret-key-in-store: a secret file given as a Nix path, which copies it to the world-readable store.

import { branchesOf, type Conditional, type Datum, UNKNOWN_TEXT } from "../eval/datum";
import type { Span } from "../text/span";
import { editsAt, isPlain } from "./entryFixes";
import { whereClause } from "./listEntries";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";
import { isSecretFileOption } from "./secretFiles";

type Texts = Pick<FileContext, "textOf">;

const meta: RuleMeta = {
  code: "secret-key-in-store",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A secret key file is given as a Nix path, which copies it to the world-readable store",
    why: `\`"\${./key}"\` copies the file to the Nix store with mode 0444, even from a file of mode 0600; a path literal in a flake points into the copy
of the whole repository there, and so does \`"\${self}/key"\`. Every user of the host can read it, and so can every client of the cache.

Give the place of the file on the host as a string, put it there by a secrets tool or by hand (root, mode 0600), and make a new key: the
old one has to count as known.`,
    bad: [
      "{ nix.settings.secret-key-files = [ ./cache-priv-key.pem ]; }",
      `{ services.nix-serve.secretKeyFile = "\${./cache-priv-key.pem}"; }`,
      `{ self, ... }: { services.nix-serve.secretKeyFile = "\${self}/secrets/cache-priv-key.pem"; }`,
    ],
    good: ['{ nix.settings.secret-key-files = [ "/etc/nix/cache-priv-key.pem" ]; }'],
  },
};

export const secretKeyInStore: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.options) {
      if (isSecretFileOption(fact.option)) checkValue(ctx, fact.option.join("."), fact, report);
    }
    for (const fact of ctx.facts.settings) {
      if (fact.surface === "option-text" && fact.name === "secret-key-files")
        checkValue(ctx, fact.name, fact, report);
    }
  },
  checkFleet(ctx, report) {
    for (const host of ctx.fleet.hosts) {
      for (const { tool, entryPoint, value } of host.definitions) {
        if (tool === "colmena") checkHiveKeys(ctx, value, entryPoint.endsWith("/flake.nix"), report);
      }
    }
  },
};

/**
 * The keys that colmena uploads: a path in a flake is one into the copy of the repository in the store. Outside a flake
 * colmena reads the file where it lies, unless the path was made part of a string.
 */
function checkHiveKeys(ctx: Texts, deployment: Datum, inFlake: boolean, report: Report): void {
  const keys = deployment.kind === "attrs" ? deployment.entries.get("keys")?.value : undefined;
  if (keys?.kind !== "attrs") return;
  for (const [name, { value: key }] of keys.entries) {
    const file = key.kind === "attrs" ? key.entries.get("keyFile")?.value : undefined;
    if (file === undefined || (file.kind === "path" && !inFlake)) continue;
    checkValue(ctx, `deployment.keys.${name}.keyFile`, { value: file, conditions: [] }, report);
  }
}

function checkValue(ctx: Texts, option: string, given: Conditional<Datum>, report: Report): void {
  for (const { value, conditions } of branchesOf(given.value, given.conditions)) {
    if (value.kind === "list")
      for (const item of value.items) checkValue(ctx, option, { value: item, conditions }, report);
    const ofFlake = fileOfFlake(ctx, value);
    const copied = value.kind === "path" ? value.path : copiedPath(ctx, value);
    const name = ofFlake ?? copied?.replace(/^.*[/\uFFFC]-?/, "");
    if (name === undefined) continue;
    const how = ofFlake === undefined ? "as a Nix path" : "as a file of this flake";
    report({
      span: value.span,
      message: `${name} is given to ${option} ${how}${whereClause(conditions)}, ${consequence(value, option)}; give its place on ${option.startsWith("deployment.") ? "the machine that deploys" : "the host"} as a string`,
      fixes: value.kind === "path" ? quoted(value.path, value.span) : [],
    });
  }
}

/** The flake itself in a string or sum: the copy of the whole repository in the store. */
const SELF = /^"\$\{(?:inputs\.)?self(?:\.outPath)?\}\/|^\(?(?:inputs\.)?self(?:\.outPath)?\s*\+\s*"\//;

/** The path within the flake, where a value is made of `self`. */
function fileOfFlake({ textOf }: Texts, value: Datum): string | undefined {
  if (value.kind !== "text" || !/^\uFFFC\/[^\uFFFC]+$/.test(value.text)) return undefined;
  const typed = textOf(value.span.path)?.slice(value.span.start, value.span.end) ?? "";
  return SELF.test(typed) ? value.text.slice(2) : undefined;
}

/** The path that a string is made of alone, `"${./key}"`; evaluation knows no more of it than that it lies in the store. */
function copiedPath({ textOf }: Texts, value: Datum): string | undefined {
  if (value.kind !== "text") return undefined;
  if (/^\/nix\/store\/\uFFFC-/.test(value.text)) return value.text;
  const typed = textOf(value.span.path)?.slice(value.span.start, value.span.end) ?? "";
  return value.text === UNKNOWN_TEXT ? /^"\$\{\s*(\.{0,2}\/[\w./+-]+)\s*\}"$/.exec(typed)?.[1] : undefined;
}

/** nix.conf takes an absolute path as it stands; whatever puts it into a string copies the file. */
function consequence(value: Datum, option: string): string {
  const absolute = value.kind === "path" && value.path.length === value.span.end - value.span.start;
  return absolute && option.startsWith("nix.settings.")
    ? "which copies the secret into the world-readable store wherever it becomes part of a string"
    : "which puts the secret into the world-readable store";
}

/** An absolute path is the place on the host already: as a string it is only named, not copied. */
function quoted(path: string, span: Span): readonly Fix[] {
  const absolute = path.length === span.end - span.start && isPlain(path);
  return absolute ? [{ title: `Write "${path}"`, safety: "safe", edits: editsAt(span, `"${path}"`) }] : [];
}
