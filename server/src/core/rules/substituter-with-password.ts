// substituter-with-password: credentials in the URL of an HTTP cache.

import { spanInText } from "../eval/datum";
import { parseStoreUrl } from "../formats/storeUrl";
import { SUBSTITUTERS, urlEntries, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-with-password",
  category: "caches",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A password stands in the URL of a cache",
    why: `It works, but everybody can read it: nix.conf and the Nix store are world-readable, the Git history keeps it, and Nix prints it
in its logs (\`copying path … from 'http://user:password@…'\`).

Put it into the file of \`netrc-file\` (\`/etc/nix/netrc\` by default), owned by root with mode 0600, and change the password:

    machine cache.example.org
    login user
    password …`,
    bad: ['{ nix.settings.substituters = [ "https://user:secret@cache.example.org" ]; }'],
    good: ['{ nix.settings.substituters = [ "https://cache.example.org" ]; }'],
  },
};

export const substituterWithPassword: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum, conditions } of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url } = parseStoreUrl(datum.text);
      const { password, host } = url ?? {};
      if (url?.family !== "http" || password === undefined || password.text === "") continue;
      if (/\uFFFC/.test(password.text)) continue;
      report({
        span: spanInText(datum, password.start, password.end),
        message: `the password for ${host?.text ?? "this cache"} stands in the URL${whereClause(conditions)}: everybody on the host can read it in nix.conf, and Nix prints it in logs; move it to netrc-file and change it`,
      });
    }
  },
};
