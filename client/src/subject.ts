// What a tree row, a lens or a key binding is about, as plain data, and how to read it from a command's raw arguments.

import { isRecord } from "./json";

export type Subject =
  | { readonly kind: "host"; readonly name: string }
  | { readonly kind: "generation"; readonly host: string; readonly number: number }
  | { readonly kind: "cache"; readonly url: string }
  | { readonly kind: "key"; readonly name: string; readonly publicKey: string }
  | { readonly kind: "deployment"; readonly id: string };

export type GenerationOrHost = Extract<Subject, { readonly kind: "generation" | "host" }>;

/**
 * The subjects that a command was called with. VS Code calls a tree command with the row and all selected rows; lenses
 * and key bindings pass `{ hosts: [...] }`, `{ subject }` or names. Anything else is ignored: arguments come from outside.
 */
export function subjectsOf(raw: readonly unknown[]): readonly Subject[] {
  const [first, selection] = raw;
  const rows = Array.isArray(selection) && selection.includes(first) ? selection : [first];
  const found = rows.flat().flatMap(readSubjects);
  const seen = new Set<string>();
  return found.filter(subject => {
    const key = JSON.stringify(subject);
    return !seen.has(key) && seen.add(key);
  });
}

function readSubjects(value: unknown): readonly Subject[] {
  if (typeof value === "string" && value !== "") return [{ kind: "host", name: value }];
  if (!isRecord(value)) return [];
  const { hosts } = value;
  if (Array.isArray(hosts)) {
    return hosts.flatMap(name => (typeof name === "string" ? [{ kind: "host" as const, name }] : []));
  }
  const subject = readSubject(value["subject"]);
  return subject === undefined ? [] : [subject];
}

function readSubject(value: unknown): Subject | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, name, host, number, url, publicKey, id } = value;
  if (kind === "host" && typeof name === "string") return { kind, name };
  if (kind === "generation" && typeof host === "string" && typeof number === "number")
    return { kind, host, number };
  if (kind === "cache" && typeof url === "string") return { kind, url };
  if (kind === "key" && typeof name === "string" && typeof publicKey === "string")
    return { kind, name, publicKey };
  if (kind === "deployment" && typeof id === "string") return { kind, id };
  return undefined;
}
