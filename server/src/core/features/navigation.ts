// Definition and references between what the fleet joins: host, configuration and node; cache, key and serving host.

import type { Analysis } from "../analysis";
import type { Host } from "../fleet/fleet";
import type { Expr } from "../syntax/expr";
import { compareSpans, type Span } from "../text/span";
import { cacheOfKey, hostOfUrl, identityOf, nameOfKey } from "./cacheFacts";
import { cursorAt } from "./cursor";
import { allMentions, mentionsIn } from "./mentions";

/** What a place is about. */
export type Subject =
  | { readonly kind: "host"; readonly host: Host }
  | { readonly kind: "cache"; readonly url: string }
  | { readonly kind: "key"; readonly name: string };

const CONFIGURATIONS = new Set(["nixosConfigurations", "darwinConfigurations", "homeConfigurations"]);

/** Where what the cursor is on is defined. */
export function definitions(analysis: Analysis, path: string, offset: number): Span[] {
  const subject = subjectAt(analysis, path, offset);
  if (subject === undefined) return [];
  const spans = definitionsOf(analysis, subject).filter(span => !(span.path === path && isAt(span, offset)));
  return unique(spans);
}

/** Every place that is about the same host, cache or key. */
export function references(analysis: Analysis, path: string, offset: number): Span[] {
  const subject = subjectAt(analysis, path, offset);
  return subject === undefined ? [] : unique(placesOf(analysis, subject));
}

/** What the cursor is on: a host's definition or a reference to it, an entry of a list of caches or keys. */
export function subjectAt(analysis: Analysis, path: string, offset: number): Subject | undefined {
  const mention = mentionsIn(analysis, path).find(({ span }) => isAt(span, offset));
  if (mention?.kind === "cache") return { kind: "cache", url: mention.text };
  const keyName = mention === undefined ? undefined : nameOfKey(mention.text);
  if (keyName !== undefined) return { kind: "key", name: keyName };
  const host = hostAt(analysis, path, offset) ?? referredHost(analysis, path, offset);
  return host === undefined ? undefined : { kind: "host", host };
}

function hostAt(analysis: Analysis, path: string, offset: number): Host | undefined {
  return analysis
    .fleet()
    .hosts.find(host =>
      host.definitions.some(({ nameSpan }) => nameSpan.path === path && isAt(nameSpan, offset)),
    );
}

/** The host that a selection such as `self.nixosConfigurations.web` names. */
function referredHost(analysis: Analysis, path: string, offset: number): Host | undefined {
  const root = analysis.file(path)?.root;
  if (root === undefined) return undefined;
  const { spot } = cursorAt(root, offset);
  return spot.kind === "select" ? hostOfSelection(analysis, spot.selected) : undefined;
}

function hostOfSelection(analysis: Analysis, selected: readonly string[]): Host | undefined {
  const at = selected.findIndex(name => CONFIGURATIONS.has(name));
  const name = at < 0 ? undefined : selected[at + 1];
  if (name === undefined) return undefined;
  return analysis
    .fleet()
    .hosts.find(host =>
      host.definitions.some(({ attrPath }) => CONFIGURATIONS.has(attrPath[0] ?? "") && attrPath[1] === name),
    );
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
        ...allMentions(analysis).flatMap(({ kind, text, span }) =>
          kind === "cache" && hostOfUrl(analysis.fleet(), text) === subject.host ? [span] : [],
        ),
      ];
  }
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
  const byPlace = new Map(spans.map(span => [`${span.path}:${span.start}:${span.end}`, span]));
  return [...byPlace.values()].sort(compareSpans);
}

function isAt({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
