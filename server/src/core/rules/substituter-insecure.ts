// substituter-insecure: plain HTTP to a public host.

import { spanInText } from "../eval/datum";
import { parseStoreUrl } from "../formats/storeUrl";
import { replaceInText } from "./entryFixes";
import { SUBSTITUTERS, settingEntries } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-insecure",
  category: "caches",
  severity: "information",
  since: "0.1.0",
  fix: "always",
  docs: {
    summary: "A public cache is asked over plain HTTP",
    why: `Signatures protect what is fetched, but everybody on the way sees which software the host runs and in which version, and can make
paths look missing. Private addresses, single-label names and overlay networks are not reported.`,
    bad: ['{ nix.settings.substituters = [ "http://cache.example.org" ]; }'],
    good: [
      '{ nix.settings.substituters = [ "https://cache.example.org" "http://10.0.0.1:5000" "http://nas:5000" ]; }',
    ],
  },
};

export const substituterInsecure: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum } of settingEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url } = parseStoreUrl(datum.text);
      const { schemePart, host } = url ?? {};
      if (url?.scheme !== "http" || schemePart === undefined || host === undefined) continue;
      if (/\uFFFC/.test(host.text) || isPrivate(host.text.toLowerCase())) continue;
      const edits = replaceInText(ctx, datum, schemePart, "https");
      report({
        span: spanInText(datum, schemePart.start, schemePart.end),
        message: `${host.text} is asked over plain HTTP: everybody on the way sees what this host fetches and can make paths look missing`,
        fixes: edits === undefined ? [] : [{ title: "Use https", safety: "review", edits }],
      });
    }
  },
};

const PRIVATE_V4 =
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
/** Loopback, unique local, link local, and the range of Yggdrasil. */
const PRIVATE_V6 = /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|0?[23][0-9a-f]{2}:)/;
const PRIVATE_NAME =
  /(^|\.)(localhost|local|localdomain|lan|internal|intranet|home|home\.arpa|corp|private|test|ts\.net|onion|i2p|ygg|dn42|vpn|wg|zt|nebula|mesh)$/;

function isPrivate(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  if (address.includes(":")) return PRIVATE_V6.test(address);
  if (/^[\d.]+$/.test(address)) return PRIVATE_V4.test(address);
  return !address.includes(".") || PRIVATE_NAME.test(address);
}
