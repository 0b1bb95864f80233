// Symbols: the hosts that a file defines and the settings it gives them; in the workspace hosts, caches and keys.

import type { Analysis } from "../analysis";
import type { Span } from "../text/span";
import { nameOfKey } from "./cacheFacts";
import { allMentions } from "./mentions";

export interface NamedPlace {
  readonly kind: "host" | "setting" | "cache" | "key";
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
        name: option.join("."),
        detail: "",
        span,
        nameSpan,
      }),
    );
  const places = [...hostPlaces(analysis).filter(({ span }) => span.path === path), ...settings, ...options];
  return once(places.filter(({ span }) => span.path === path)).sort(
    (a, b) => a.span.start - b.span.start || b.span.end - a.span.end,
  );
}

/** Hosts, caches and keys whose name holds the query's letters in order. */
export function workspaceSymbols(analysis: Analysis, query: string): NamedPlace[] {
  const mentions = allMentions(analysis).map(
    ({ kind, text, span }): NamedPlace => ({
      kind,
      name: kind === "key" ? (nameOfKey(text) ?? text.slice(0, 40)) : text,
      detail: "",
      span,
      nameSpan: span,
    }),
  );
  return once([...hostPlaces(analysis), ...mentions]).filter(place => matches(place.name, query));
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
