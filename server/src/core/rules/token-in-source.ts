// token-in-source: a token, password or private key as text in a configuration.

import type { TextDatum } from "../eval/datum";
import { sliceText } from "../eval/textDatum";
import { decodeBase64Lax, fromUrlSafe } from "../formats/base64";
import { mayHoldSecret } from "../formats/secretSigns";
import { textsIn } from "./listEntries";
import { isNixosTest } from "./nixosTests";
import type { Rule, RuleMeta } from "./rule";
import { isSshServeKeys } from "./sshServeKeys";

const meta: RuleMeta = {
  code: "token-in-source",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A token, password or private key stands as text in a configuration",
    why: `Text of a configuration ends up in the Git history and in the world-readable Nix store of every machine that evaluates it. Whoever can read
it can push to your cache, read your private one, or log in as you.

Keep it in a file on the host (root, mode 0600, put there by a secrets tool) and name the file: \`netrc-file\`, \`environmentFile\`,
\`tokenFile\`. What has been in the source has to count as known: revoke it and make a new one. Tests of NixOS (\`testScript\`) are left
alone: what stands in them is made up.`,
    bad: [
      `{ environment.etc."nix/netrc".text = ''
  machine cache.example.org
  login ci
  password hunter2hunter2
''; }`,
    ],
    good: ['{ nix.settings.netrc-file = "/run/secrets/netrc"; }'],
  },
};

export const tokenInSource: Rule = {
  meta,
  checkFile(ctx, report) {
    // A private key among these is what sshserve-private-key reports.
    const served = ctx.facts.options.filter(isSshServeKeys).flatMap(fact => textsIn(fact.value));
    const elsewhere = new Set(served.map(text => text.span.start));
    const texts = [
      ...ctx.facts.texts,
      ...ctx.facts.confs.filter(c => c.surface === "nix.conf").map(c => c.text),
    ];
    for (const text of texts) {
      for (const { start, end, what } of secretsIn(text)) {
        if (elsewhere.has(text.span.start) || isNixosTest(ctx.textOf(ctx.facts.path))) continue;
        report({
          span: sliceText(text, start, end).span,
          message: `${what} stands in the source, and so in Git and in the world-readable Nix store: name a file on the host instead, and replace it by a new one`,
        });
      }
    }
  },
};

interface Secret {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

function secretsIn({ text }: TextDatum): readonly Secret[] {
  if (text.length < 20 || !mayHoldSecret(text)) return [];
  return [...privateKeys(text), ...netrcPasswords(text), ...forgeTokens(text), ...cacheTokens(text)];
}

/** A private key with its body; the words alone stand in many scripts. */
function privateKeys(text: string): readonly Secret[] {
  const pattern = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64,}/g;
  return [...text.matchAll(pattern)].map(match => ({
    start: match.index,
    end: match.index + match[0].indexOf("\n"),
    what: "a private key",
  }));
}

function netrcPasswords(text: string): readonly Secret[] {
  // Templates that somebody fills in on the host: `{{with secret …}}`, `@token@`.
  const pattern =
    /\bmachine\s+(\S+)\s+(?:login\s+\S+\s+)?password\s+(?!\{[{%]|@[\w.-]+@|[x*]+(?:\s|$))([^\s\uFFFC$<]{4,})(?=\s|$)/g;
  return [...text.matchAll(pattern)].flatMap(({ index, 0: whole, 1: host = "", 2: password = "" }) => {
    if (PLACEHOLDER.test(password) || FILLED_IN.test(password)) return [];
    const end = index + whole.length;
    return [{ start: end - password.length, end, what: `the netrc password for ${host}` }];
  });
}

/** What documentation and templates write where a password goes: `YOUR_PASSWORD`, `changeme`. */
const PLACEHOLDER =
  /^(?:(?:your|my|the|some)?[-_]?(?:password|passwd|secret|token)(?:[-_]?here)?|(?:change|replace)[-_]?me|redacted|placeholder)$/i;

/** What a program puts the password for: `%s\n'` of printf, `{token}` and `%(token)s` of Python, `__TOKEN__` of sed. */
const FILLED_IN = /^["']?(?:%[-+ #0]*\d*[sbq]|%\(\w+\)s|%\w+%|__\w+__|\{\w*\})(?:\\[nrt]|["';),])*$/;

function forgeTokens(text: string): readonly Secret[] {
  const pattern = /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20,})\b/g;
  return [...text.matchAll(pattern)].map(({ index, 0: token }) => ({
    start: index,
    end: index + token.length,
    what: `a ${token.startsWith("glpat") ? "GitLab" : "GitHub"} token`,
  }));
}

/** A signed token whose content says that it is for a cache service. */
function cacheTokens(text: string): readonly Secret[] {
  const pattern = /\beyJ[A-Za-z0-9_-]{8,}\.(eyJ[A-Za-z0-9_-]{8,})\.[A-Za-z0-9_-]{16,}/g;
  return [...text.matchAll(pattern)].flatMap(match => {
    const service = serviceOf(match[1] ?? "");
    if (service === undefined) return [];
    return [{ start: match.index, end: match.index + match[0].length, what: `${service} token` }];
  });
}

function serviceOf(payload: string): string | undefined {
  const decoded = decodeBase64Lax(fromUrlSafe(payload));
  if (decoded.kind === "bad-character") return undefined;
  const content = String.fromCharCode(...decoded.bytes);
  if (/jwt\.attic\.rs/.test(content)) return "an Attic";
  if (/flakehub/i.test(content)) return "a FlakeHub";
  return /"scopes"\s*:\s*"[^"]*\b(cache|personal|agent|tx)\b/.test(content) ? "a Cachix" : undefined;
}
