// secret-key-is-public: the public half where the secret half of a signing key belongs.

import { spanInText, UNKNOWN_TEXT } from "../eval/datum";
import { parseCacheKey } from "../formats/cacheKey";
import { entriesOf, type ListEntry, type SettingEntry, settingEntries, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { isSecretFileOption } from "./secretFiles";

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

export const secretKeyIsPublic: Rule = {
  meta,
  checkFile(ctx, report) {
    const settings: readonly (SettingEntry | ListEntry)[] = settingEntries(ctx.facts, "secret-key-files");
    const others = ctx.facts.options
      .filter(({ option }) => option[0] === "services" && isSecretFileOption(option))
      .flatMap(entriesOf);
    for (const { datum, conditions } of [...settings, ...others]) {
      const what = whatItIs(datum.text);
      if (what === undefined) continue;
      report({
        span: spanInText(datum, 0, datum.text.length),
        message: `${what} where the file of the secret key belongs${whereClause(conditions)}: every build and every substitution on the host fails with "secret key is not valid"`,
      });
    }
  },
};

function whatItIs(text: string): string | undefined {
  if (text.includes(UNKNOWN_TEXT)) return undefined;
  if (/^\/.*\.pub$/.test(text)) return `${text} is by its name a public key`;
  return parseCacheKey(text).kind === "key" ? "a public key stands" : undefined;
}
