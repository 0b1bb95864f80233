// Symbols: the hosts that a file defines and the settings it gives them; in the workspace hosts, caches and keys.

import type { Analysis } from "../analysis";
import { bindingsAround } from "../edits/enclosing";
import { printPath } from "../edits/printNix";
import type { Span } from "../text/span";
import { hostsTrustingKey, hostsUsingCache, nameOfKey } from "./cacheFacts";
import { countOf } from "./markdown";
import { allMentions } from "./mentions";

export interface NamedPlace {
  readonly kind: "host" | "profile" | "setting" | "cache" | "key";
  readonly name: string;
  /** What it belongs to, or what more there is to say. */
  readonly detail: string;
  /** The whole thing. */
  readonly span: Span;
  readonly nameSpan: Span;
}

/** What a file defines, in the order of the text. */
export function fileSymbols(analysis: Analysis, path: string): NamedPlace[] {
  const settings = (analysis.facts(path)?.settings ?? []).map(
    ({ written, span, nameSpan, surface }): NamedPlace => ({
      kind: "setting",
      name: written,
      detail: surface === "flake" ? "nixConfig" : surface === "nix.conf" ? "nix.conf" : "nix",
      span,
      nameSpan,
    }),
  );
  const options = (analysis.facts(path)?.options ?? [])
    .filter(({ option }) => !(option[0] === "nix" && option[1] === "settings"))
    .map(
      ({ option, span, nameSpan }): NamedPlace => ({
        kind: "setting",
        name: printPath(option),
        detail: "",
        span,
        nameSpan,
      }),
    );
  const hosts = [...hostPlaces(analysis), ...profilePlaces(analysis)]
    .filter(({ span }) => span.path === path)
    .map(place => ({ ...place, span: wholeOf(analysis, place.nameSpan) }));
  const places = [...hosts, ...settings, ...options];
  return once(places.filter(({ span }) => span.path === path)).sort(
    (a, b) => a.span.start - b.span.start || b.span.end - a.span.end,
  );
}

/** The binding whose name stands at a place, as far as it can be told. */
function wholeOf(analysis: Analysis, nameSpan: Span): Span {
  const root = analysis.file(nameSpan.path)?.root;
  const binding = root === undefined ? undefined : bindingsAround(root, nameSpan)?.at(-1)?.binding;
  const isNamed = binding?.path.some(({ start, end }) => start <= nameSpan.start && nameSpan.end <= end);
  return binding === undefined || isNamed !== true
    ? nameSpan
    : { path: nameSpan.path, start: binding.start, end: binding.end };
}

/** A place with what stands inside of it. */
export interface PlaceTree {
  readonly place: NamedPlace;
  readonly children: readonly PlaceTree[];
}

/** Places in the order of `fileSymbols` as a tree: what lies inside of another belongs to it. */
export function nested(places: readonly NamedPlace[]): PlaceTree[] {
  const roots: Branch[] = [];
  const open: Branch[] = [];
  for (const place of places) {
    while (open.length > 0 && !holds(open.at(-1)?.place, place)) open.pop();
    const branch: Branch = { place, children: [] };
    (open.at(-1)?.children ?? roots).push(branch);
    open.push(branch);
  }
  return roots;
}

interface Branch extends PlaceTree {
  readonly children: Branch[];
}

/** Hosts that are made in one place stand beside each other. */
function holds(outer: NamedPlace | undefined, inner: NamedPlace): boolean {
  if (outer === undefined || inner.span.end > outer.span.end) return false;
  return inner.span.start > outer.span.start || inner.span.end < outer.span.end;
}

/** Hosts, caches and keys whose name holds the query's letters in order; those that begin with it or hold it whole first. */
export function workspaceSymbols(analysis: Analysis, query: string): NamedPlace[] {
  const fleet = analysis.fleet();
  const mentions = allMentions(analysis).map(({ kind, text, span }): NamedPlace => {
    const name = kind === "key" ? (nameOfKey(text) ?? text.slice(0, 40)) : text;
    const users = kind === "key" ? hostsTrustingKey(fleet, name) : hostsUsingCache(fleet, text);
    const detail = users.length === 0 ? "" : countOf(users.length, "host");
    return { kind, name, detail, span, nameSpan: span };
  });
  return once([...hostPlaces(analysis), ...mentions])
    .filter(place => matches(place.name, query))
    .sort((a, b) => rank(a.name, query) - rank(b.name, query));
}

function rank(name: string, query: string): number {
  const at = name.toLowerCase().indexOf(query.toLowerCase());
  return at < 0 ? 2 : at === 0 ? 0 : 1;
}

function hostPlaces(analysis: Analysis): NamedPlace[] {
  return analysis.fleet().hosts.flatMap(host =>
    host.definitions.map(
      ({ tool, nameSpan }): NamedPlace => ({
        kind: "host",
        name: host.name,
        detail: tool,
        span: nameSpan,
        nameSpan,
      }),
    ),
  );
}

function profilePlaces(analysis: Analysis): NamedPlace[] {
  return analysis
    .fleet()
    .hosts.flatMap(host =>
      host.profiles.map(
        ({ name, span }): NamedPlace => ({ kind: "profile", name, detail: host.name, span, nameSpan: span }),
      ),
    );
}

function once(places: readonly NamedPlace[]): NamedPlace[] {
  const byId = new Map(
    places.map(place => [
      `${place.kind} ${place.name} ${place.span.path}:${place.span.start}:${place.span.end}`,
      place,
    ]),
  );
  return [...byId.values()];
}

function matches(name: string, query: string): boolean {
  let at = 0;
  for (const letter of name.toLowerCase()) if (letter === query.toLowerCase()[at]) at++;
  return at >= query.length;
}
