// Findings that are the same for several hosts, because they share the module in which it stands, are said once and name
// the hosts.

import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";
import { inWords } from "./hostNaming";
import type { Fix, Related, Report } from "./rule";

/** What is wrong for one host. */
export interface HostFinding {
  readonly span: Span;
  readonly host: Host;
  /** The message around the hosts' names: `${before}each of the hosts "a" and "b"${after}`. */
  readonly before: string;
  readonly after: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** Reports each place and sentence once. The fixes are those of the first host. */
export function reportForHosts(findings: readonly HostFinding[], report: Report): void {
  const groups = new Map<string, HostFinding[]>();
  for (const finding of findings) {
    const { path, start, end } = finding.span;
    const id = [path, start, end, finding.before, finding.after].join("\0");
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [finding]);
    else group.push(finding);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const names = [...new Set(group.map(each => each.host.name))];
    report({
      span: first.span,
      message: `${first.before}${names.length === 1 ? "host" : "each of the hosts"} ${inWords(names)}${first.after}`,
      related: onceEach(group.flatMap(each => each.related ?? [])),
      fixes: first.fixes ?? [],
    });
  }
}

function onceEach(related: readonly Related[]): readonly Related[] {
  const byPlace = new Map(
    related.map(each => [`${each.span.path}\0${each.span.start}\0${each.message}`, each]),
  );
  return [...byPlace.values()];
}
