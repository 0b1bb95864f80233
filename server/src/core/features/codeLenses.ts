// Code lenses over hosts and deploy nodes: what can be done with the host that is defined here.

import type { Analysis } from "../analysis";
import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";

/** Above one place: the hosts that are defined there. One for most; many where nodes are computed in one expression. */
export interface HostLens {
  readonly span: Span;
  readonly hosts: readonly string[];
  /** Those of them whose address is given, so that they can be asked what they run. */
  readonly addressed: readonly string[];
}

/** The places of a file at which hosts are defined, in the order of the text. */
export function hostLenses(analysis: Analysis, path: string): HostLens[] {
  const places = new Map<number, { readonly span: Span; readonly hosts: Set<Host> }>();
  for (const host of analysis.fleet().hosts) {
    for (const span of definitionSpans(host, path)) {
      const place = places.get(span.start) ?? { span, hosts: new Set<Host>() };
      place.hosts.add(host);
      places.set(span.start, place);
    }
  }
  return [...places.values()]
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, hosts }) => ({
      span,
      hosts: [...hosts].map(({ name }) => name),
      addressed: [...hosts].flatMap(({ name, hostname }) => (hostname === undefined ? [] : [name])),
    }));
}

function definitionSpans(host: Host, path: string): Span[] {
  return host.definitions.map(definition => definition.nameSpan).filter(span => span.path === path);
}
