// Document links: caches that have a page to look at, and the rules that comments silence.

import type { Analysis } from "../analysis";
import { silencedCodes } from "../rules/suppressions";
import { mentionsIn } from "./mentions";

export type DocumentLink = LinkPlace & ({ readonly kind: "url"; readonly url: string } | RuleLink);

interface LinkPlace {
  readonly start: number;
  readonly end: number;
}

/** Leads to a rule's page. */
interface RuleLink {
  readonly kind: "rule";
  readonly code: string;
}

export function documentLinks(analysis: Analysis, path: string): DocumentLink[] {
  const text = analysis.text(path) ?? "";
  const caches = mentionsIn(analysis, path).flatMap(({ kind, span, text: url }): DocumentLink[] => {
    if (kind !== "cache" || !/^https?:\/\/[^\s"]+$/.test(url)) return [];
    const at = text.slice(span.start, span.end).indexOf(url);
    if (at < 0) return [];
    const start = span.start + at;
    return [
      {
        kind: "url",
        url: `${url.replace(/\?.*$/, "").replace(/\/$/, "")}/nix-cache-info`,
        start,
        end: start + url.length,
      },
    ];
  });
  return [...caches, ...ruleLinks(text)];
}

function ruleLinks(text: string): DocumentLink[] {
  return silencedCodes(text).map(place => ({ kind: "rule", ...place }));
}
