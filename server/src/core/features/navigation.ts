// Definition and references between what the fleet joins: host, configuration and node; cache, key and serving host.

import type { Analysis } from "../analysis";
import type { Host } from "../fleet/fleet";
import type { Expr } from "../syntax/expr";
import { compareSpans, type Span } from "../text/span";
import { cacheOfKey, hostOfUrl, identityOf, nameOfKey } from "./cacheFacts";
import { cursorAt } from "./cursor";
import { CONFIGURATIONS, hostAtCursor, hostOfSelection, hostsAt } from "./hostReferences";
import { allMentions, mentionsIn } from "./mentions";

/** What a place is about. */
export type Subject =
  | { readonly kind: "host"; readonly host: Host }
  | { readonly kind: "cache"; readonly url: string }
  | { readonly kind: "key"; readonly name: string };

/** What the cursor is on, and the text that stands for it. */
export interface SubjectPlace {
  readonly subject: Subject;
  readonly span: Span;
}

/** Where what the cursor is on is defined. For what is defined nowhere else, its own place: editors then show references. */
export function definitions(analysis: Analysis, path: string, offset: number): Span[] {
  const place = subjectAt(analysis, path, offset);
  if (place === undefined) return [];
  const spans = unique(definitionsOf(analysis, place.subject));
  const elsewhere = spans.filter(span => !(span.path === path && isAt(span, offset)));
  return elsewhere.length > 0 ? elsewhere : [place.span];
}

/** Every place that is about the same host, cache or key; without the definitions of a host if they are not wanted. */
export function references(
  analysis: Analysis,
  path: string,
  offset: number,
  { declarations = true }: { readonly declarations?: boolean } = {},
): Span[] {
  const place = subjectAt(analysis, path, offset);
  if (place === undefined) return [];
  const places = unique(placesOf(analysis, place.subject));
  if (declarations || place.subject.kind !== "host") return places;
  const own = new Set(definitionsOf(analysis, place.subject).map(idOf));
  return places.filter(span => !own.has(idOf(span)));
}

/** What the cursor is on: a host's definition or a reference to it, an entry of a list of caches or keys. */
export function subjectAt(analysis: Analysis, path: string, offset: number): SubjectPlace | undefined {
  const mention = mentionsIn(analysis, path).find(({ span }) => isAt(span, offset));
  if (mention?.kind === "cache") return { subject: { kind: "cache", url: mention.text }, span: mention.span };
  const keyName = mention === undefined ? undefined : nameOfKey(mention.text);
  if (mention !== undefined && keyName !== undefined)
    return { subject: { kind: "key", name: keyName }, span: mention.span };
  const [defined] = hostsAt(analysis, path, offset);
  if (defined !== undefined) return { subject: { kind: "host", host: defined.host }, span: defined.span };
  const root = analysis.file(path)?.root;
  const referred = root === undefined ? undefined : hostAtCursor(analysis, cursorAt(root, offset));
  if (referred === undefined) return undefined;
  return { subject: { kind: "host", host: referred.host }, span: { path, ...referred.place } };
}

function definitionsOf(analysis: Analysis, subject: Subject): Span[] {
  switch (subject.kind) {
    case "host":
      return subject.host.definitions.map(({ nameSpan }) => nameSpan);
    case "cache": {
      const host = hostOfUrl(analysis.fleet(), subject.url);
      return host === undefined
        ? keysOf(analysis, subject.url)
        : definitionsOf(analysis, { kind: "host", host });
    }
    case "key": {
      const cache = cacheOfKey(analysis.fleet(), subject.name);
      if (cache === undefined) return [];
      const host = analysis.fleet().hosts.find(each => each.name === cache);
      if (host !== undefined) return definitionsOf(analysis, { kind: "host", host });
      return placesOf(analysis, { kind: "cache", url: cache });
    }
  }
}

/** The keys that stand in the workspace for a cache. */
function keysOf(analysis: Analysis, url: string): Span[] {
  return allMentions(analysis).flatMap(({ kind, text, span }) => {
    const name = kind === "key" ? nameOfKey(text) : undefined;
    const cache = name === undefined ? undefined : cacheOfKey(analysis.fleet(), name);
    return cache !== undefined && identityOf(cache) === identityOf(url) ? [span] : [];
  });
}

function placesOf(analysis: Analysis, subject: Subject): Span[] {
  switch (subject.kind) {
    case "cache":
      return allMentions(analysis).flatMap(({ kind, text, span }) =>
        kind === "cache" && identityOf(text) === identityOf(subject.url) ? [span] : [],
      );
    case "key":
      return allMentions(analysis).flatMap(({ kind, text, span }) =>
        kind === "key" && nameOfKey(text) === subject.name ? [span] : [],
      );
    case "host":
      return [
        ...definitionsOf(analysis, subject),
        ...selectionsOf(analysis, subject.host),
        ...namingsOf(analysis, subject.host),
        ...allMentions(analysis).flatMap(({ kind, text, span }) =>
          kind === "cache" && hostOfUrl(analysis.fleet(), text) === subject.host ? [span] : [],
        ),
      ];
  }
}

/** Where the host's own configuration and its node give its name and address, if that is said of no other host too. */
function namingsOf(analysis: Analysis, host: Host): Span[] {
  const spansOf = ({ hostname, effective }: Host): Span[] => {
    const name = effective.get("networking.hostName");
    return [
      ...(hostname?.known === true && hostname.span !== undefined ? [hostname.span] : []),
      ...(name?.kind === "text" ? [name.span] : []),
    ];
  };
  const others = new Set(
    analysis
      .fleet()
      .hosts.filter(other => other !== host)
      .flatMap(other => spansOf(other).map(idOf)),
  );
  return spansOf(host).filter(span => !others.has(idOf(span)));
}

/** Selections of the host's configuration in any file; only files that mention the name at all are searched. */
function selectionsOf(analysis: Analysis, host: Host): Span[] {
  const names = configurationNames(host);
  return analysis.paths.flatMap(path => {
    const text = analysis.text(path) ?? "";
    if (!names.some(name => text.includes(name))) return [];
    return selectionsIn(analysis.file(path)?.root, text, path, analysis, host);
  });
}

function selectionsIn(
  root: Expr | undefined,
  text: string,
  path: string,
  analysis: Analysis,
  host: Host,
): Span[] {
  if (root === undefined) return [];
  return [...text.matchAll(/(?:nixos|darwin|home)Configurations\s*\.\s*("[^"\n]*"|[\w'-]+)/g)].flatMap(
    match => {
      const end = match.index + match[0].length;
      const { spot } = cursorAt(root, end);
      if (spot.kind !== "select" || hostOfSelection(analysis, spot.selected) !== host) return [];
      return [{ path, start: spot.name.start, end: spot.name.end }];
    },
  );
}

/** The names under which flakes have the host's configuration. */
function configurationNames(host: Host): readonly string[] {
  const paths = [...host.definitions.map(({ attrPath }) => attrPath), host.configuration?.attrPath ?? []];
  return paths.flatMap(([output = "", name]) =>
    CONFIGURATIONS.has(output) && name !== undefined ? [name] : [],
  );
}

function unique(spans: readonly Span[]): Span[] {
  const byPlace = new Map(spans.map(span => [idOf(span), span]));
  return [...byPlace.values()].sort(compareSpans);
}

function idOf({ path, start, end }: Span): string {
  return `${path}:${start}:${end}`;
}

function isAt({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
