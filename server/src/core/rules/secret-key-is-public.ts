// secret-key-is-public: the public half where the secret half of a signing key belongs.

import { branchesOf, type Condition, spanInText, UNKNOWN_TEXT } from "../eval/datum";
import type { OptionFact } from "../facts/facts";
import { parseCacheKey } from "../formats/cacheKey";
import type { Span } from "../text/span";
import { entriesOf, type ListEntry, type SettingEntry, settingEntries, whereClause } from "./listEntries";
import type { Draft, FileContext, Report, Rule, RuleMeta } from "./rule";
import { isSigningKeyOption } from "./secretFiles";

const meta: RuleMeta = {
  code: "secret-key-is-public",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A public key stands where the file of a secret key belongs",
    why: `\`secret-key-files\` names files on the host that hold the 64-byte secret half. With the public one both builds and substitution fail on
that host: \`error: secret key is not valid\`. The key itself, as text, is no file name at all.`,
    bad: ['{ nix.settings.secret-key-files = [ "/etc/nix/cache-1.pub" ]; }'],
    good: ['{ nix.settings.secret-key-files = [ "/etc/nix/cache-1.secret" ]; }'],
  },
};

/** `key.pub`, and `cache-pub-key.pem`, the name in the manual of the command that makes both halves. */
const PUBLIC_NAME = /^\/(?:.*\/)?(?:[^/]*\.pub|(?:[\w.]+[-_])*pub(?:lic)?[-_]key(?:\.\w+)?)$/;

export const secretKeyIsPublic: Rule = {
  meta,
  checkFile(ctx, report) {
    const settings: readonly (SettingEntry | ListEntry)[] = settingEntries(ctx.facts, "secret-key-files");
    const others = ctx.facts.options
      .filter(({ option }) => option[0] === "services" && isSigningKeyOption(option))
      .flatMap(entriesOf);
    for (const { datum, conditions } of [...settings, ...others]) {
      const what = whatItIs(datum.text) ?? whatFileHolds(ctx, datum.text);
      if (what === undefined) continue;
      report(draftOf(what, spanInText(datum, 0, datum.text.length), conditions));
    }
    for (const fact of ctx.facts.options) checkPaths(ctx, fact, report);
  },
};

function draftOf(what: string, span: Span, conditions: readonly Condition[]): Draft {
  return {
    span,
    message: `${what} where the file of the secret key belongs${whereClause(conditions)}: every build and every substitution on the host fails with "secret key is not valid"`,
  };
}

/** Files of the work tree that are given as paths. */
function checkPaths(ctx: FileContext, { option, value, conditions }: OptionFact, report: Report): void {
  if (!isSigningKeyOption(option)) return;
  for (const branch of branchesOf(value, conditions)) {
    const items = branch.value.kind === "list" ? branch.value.items : [branch.value];
    for (const item of items) {
      const what = item.kind === "path" ? whatFileHolds(ctx, item.path) : undefined;
      if (what !== undefined) report(draftOf(what, item.span, branch.conditions));
    }
  }
}

function whatFileHolds(ctx: FileContext, path: string): string | undefined {
  const text = path.startsWith("/") ? ctx.textOf(path) : undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return text !== undefined && parseCacheKey(text.trim()).kind === "key"
    ? `${name} holds a public key and stands`
    : undefined;
}

function whatItIs(text: string): string | undefined {
  if (text.includes(UNKNOWN_TEXT)) return undefined;
  if (PUBLIC_NAME.test(text)) return `${text} is by its name a public key`;
  return parseCacheKey(text).kind === "key" ? "a public key stands" : undefined;
}
