// substituter-insecure: plain HTTP to a public host.

import { spanInText } from "../eval/datum";
import { parseStoreUrl } from "../formats/storeUrl";
import { replaceInText } from "./entryFixes";
import { SUBSTITUTERS, urlEntries, whereClause } from "./listEntries";
import { isPrivateHost } from "./privateHosts";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-insecure",
  category: "caches",
  severity: "information",
  since: "0.1.0",
  fix: "always",
  ofEffect: true,
  docs: {
    summary: "A public cache is asked over plain HTTP",
    why: `Signatures protect what is fetched, but everybody on the way sees which software the host runs and in which version, and can make
paths look missing. Private addresses, single-label names, overlay networks and names under no public top-level domain
(\`cache.lan\`) are not reported.`,
    bad: ['{ nix.settings.substituters = [ "http://cache.example.org" ]; }'],
    good: [
      '{ nix.settings.substituters = [ "https://cache.example.org" "http://10.0.0.1:5000" "http://nas:5000" ]; }',
    ],
  },
};

export const substituterInsecure: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum, conditions } of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url } = parseStoreUrl(datum.text);
      const { schemePart, host } = url ?? {};
      if (url?.scheme !== "http" || schemePart === undefined || host === undefined) continue;
      if (/\uFFFC/.test(host.text) || isPrivateHost(host.text)) continue;
      const edits = replaceInText(ctx, datum, schemePart, "https");
      report({
        span: spanInText(datum, schemePart.start, schemePart.end),
        message: `${host.text} is asked over plain HTTP${whereClause(conditions)}: everybody on the way sees what this host fetches and can make paths look missing`,
        fixes: edits === undefined ? [] : [{ title: "Use https", safety: "review", edits }],
      });
    }
  },
};
