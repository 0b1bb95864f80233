// Keeps the identity of hosts from one revision to the next where nothing about them has changed, so that whoever works
// something out about a host may keep it with the host.

import type { Host } from "./fleet";

/** The hosts, each as the object that it was before if it is the same in all that it says. */
export function withUnchanged(hosts: readonly Host[], before: readonly Host[]): readonly Host[] {
  const byName = new Map(before.map(host => [host.name, host]));
  return hosts.map(host => {
    const known = byName.get(host.name);
    return known !== undefined && isSame(known, host) ? known : host;
  });
}

/** Equality of plain data: lists, maps, objects and scalars. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  if (a instanceof Map) return b instanceof Map && isSameList([...a], [...b]);
  return !(Array.isArray(b) || b instanceof Map) && isSameRecord(a, b);
}

function isSameRecord(a: object, b: object): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(b, name) || !isSame(fieldOf(a, name), fieldOf(b, name))) return false;
  }
  return true;
}

function fieldOf(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name];
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
}
