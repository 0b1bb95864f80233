// Hover: what a setting, an option, a cache, a key or a host is, and what holds for it in this fleet. Markdown.

import type { Analysis } from "../analysis";
import type { Datum } from "../eval/datum";
import type { Field, Host } from "../fleet/fleet";
import { type Comparison, compareWithTold } from "../fleet/toldSettings";
import { parseSshPublicKey, sshFingerprint } from "../formats/sshPublicKey";
import { findSetting } from "../knowledge/nixSettings";
import type { Span } from "../text/span";
import {
  cacheOfKey,
  hostOfUrl,
  hostsTrustingKey,
  hostsUsingCache,
  keysOfCache,
  nameOfKey,
} from "./cacheFacts";
import { cursorAt } from "./cursor";
import { entriesOf, type Mention, mentionsIn } from "./mentions";
import { type NameDoc, nameInSet, nixSettingDoc } from "./schema";

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What hover needs that core cannot do by itself. */
export interface HoverTools {
  sha256(bytes: Uint8Array): Uint8Array;
}

/** At most so many hosts or entries are listed by name. */
const LISTED = 8;

export function hover(
  analysis: Analysis,
  path: string,
  offset: number,
  tools: HoverTools,
): Hover | undefined {
  return (
    ofMention(analysis, path, offset) ??
    ofHost(analysis, path, offset) ??
    ofSetting(analysis, path, offset) ??
    ofSshKey(analysis, path, offset, tools) ??
    ofName(analysis, path, offset)
  );
}

function ofMention(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const mention = mentionsIn(analysis, path).find(({ span }) => isAt(span, offset));
  if (mention === undefined) return undefined;
  const markdown = mention.kind === "cache" ? cacheText(analysis, mention) : keyText(analysis, mention);
  return markdown === undefined ? undefined : { span: mention.span, markdown };
}

function cacheText(analysis: Analysis, { text }: Mention): string {
  const host = hostOfUrl(analysis.fleet(), text);
  const keys = keysOfCache(analysis.fleet(), text);
  return paragraphs([
    `**Cache** \`${text}\``,
    host === undefined ? undefined : `The store of the host \`${host.name}\` of this fleet.`,
    keys.length === 0 ? "No key is known for it." : `Signs with ${listOf(keys)}.`,
    usersText("Asked by", hostsUsingCache(analysis.fleet(), text)),
  ]);
}

function keyText(analysis: Analysis, { text }: Mention): string | undefined {
  const name = nameOfKey(text);
  if (name === undefined) return undefined;
  const cache = cacheOfKey(analysis.fleet(), name);
  return paragraphs([
    `**Key** \`${name}\``,
    cache === undefined ? "No cache is known that signs with it." : `Signs what \`${cache}\` serves.`,
    usersText("Trusted by", hostsTrustingKey(analysis.fleet(), name)),
  ]);
}

function usersText(verb: string, hosts: readonly string[]): string {
  if (hosts.length === 0) return `${verb} no host of this fleet.`;
  return `${verb} ${hosts.length === 1 ? "1 host" : `${hosts.length} hosts`}: ${listOf(hosts)}.`;
}

function ofHost(analysis: Analysis, path: string, offset: number): Hover | undefined {
  for (const host of analysis.fleet().hosts) {
    const definition = host.definitions.find(
      ({ nameSpan }) => nameSpan.path === path && isAt(nameSpan, offset),
    );
    if (definition === undefined) continue;
    const others = analysis
      .fleet()
      .hosts.filter(other =>
        other.definitions.some(({ nameSpan }) => nameSpan.path === path && isAt(nameSpan, offset)),
      );
    if (others.length > 1) {
      const names = others.map(other => other.name);
      return {
        span: definition.nameSpan,
        markdown: `**${names.length} hosts** are made here: ${listOf(names)}.`,
      };
    }
    return { span: definition.nameSpan, markdown: hostText(host) };
  }
  return undefined;
}

function hostText(host: Host): string {
  const login = fieldText(host.sshUser);
  return paragraphs([
    `**Host** \`${host.name}\` — ${host.tools.join(", ")}`,
    lines([
      host.hostname === undefined ? undefined : `Address: ${fieldText(host.hostname)}`,
      host.sshUser === undefined ? undefined : `Login: ${login}`,
      host.system === undefined ? undefined : `System: ${fieldText(host.system)}`,
      host.tags.length === 0 ? undefined : `Tags: ${listOf(host.tags)}`,
      host.profiles.length === 0 ? undefined : `Profiles: ${listOf(host.profiles.map(({ name }) => name))}`,
    ]),
  ]);
}

function fieldText(field: Field<string> | undefined): string {
  if (field === undefined) return "not given";
  return field.known ? `\`${field.value}\`` : `not known by reading (${field.reason})`;
}

function ofSetting(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const setting = analysis
    .facts(path)
    ?.settings.find(({ nameSpan }) => isAt(nameSpan, offset) && nameSpan.path === path);
  if (setting === undefined) return undefined;
  const known = findSetting(setting.written) ?? findSetting(setting.name);
  if (known === undefined) return undefined;
  const doc = nixSettingDoc(known.setting);
  const effective = effectiveText(analysis, known.setting.name, path, setting.span);
  return {
    span: setting.nameSpan,
    markdown: paragraphs([nameText({ ...doc, name: setting.written }), effective]),
  };
}

/** What the setting comes to, for each host whose value this definition is a part of. */
function effectiveText(analysis: Analysis, name: string, path: string, span: Span): string | undefined {
  const rows = analysis.fleet().hosts.flatMap(host => {
    const takesPart = host.settings.some(
      fact => fact.name === name && fact.span.path === path && fact.span.start === span.start,
    );
    const value = host.effective.get(`nix.settings.${name}`);
    return takesPart && value !== undefined ? [{ host: host.name, text: datumText(value) }] : [];
  });
  if (rows.length === 0) return undefined;
  const told = rows.flatMap(({ host }) => toldTexts(analysis, host, name));
  const byText = new Map<string, string[]>();
  for (const { host, text } of rows) byText.set(text, [...(byText.get(text) ?? []), host]);
  return lines([
    ...[...byText].slice(0, LISTED).map(([text, hosts]) => `On ${listOf(hosts)}: ${text}`),
    ...told.slice(0, LISTED),
  ]);
}

/** What real Nix and the host itself said, and where that is not what reading says. */
function toldTexts(analysis: Analysis, hostName: string, setting: string): readonly string[] {
  const host = analysis.fleet().hosts.find(each => each.name === hostName);
  const read = host?.effective.get(`nix.settings.${setting}`);
  return (host?.told ?? []).flatMap(({ name, value, tier }) => {
    if (name !== setting) return [];
    const who =
      tier === "evaluated"
        ? `Real Nix, when \`${hostName}\` was evaluated`
        : `\`${hostName}\` itself, when asked`;
    return [`${who}: ${comparisonText(compareWithTold(read, value), value)}`];
  });
}

function comparisonText(comparison: Comparison, told: string | readonly string[]): string {
  const whole = typeof told === "string" ? `\`${told}\`` : told.length === 0 ? "nothing" : listOf(told);
  switch (comparison.kind) {
    case "same":
      return "the same";
    case "unread":
      return whole;
    case "differs": {
      const more = comparison.missing.length === 0 ? [] : [`also ${listOf(comparison.missing)}`];
      const less = comparison.surplus.length === 0 ? [] : [`not ${listOf(comparison.surplus)}`];
      return typeof told === "string" ? `**${whole}**` : `**differs**: ${[...more, ...less].join("; ")}`;
    }
  }
}

function datumText(datum: Datum): string {
  switch (datum.kind) {
    case "text":
      return `\`${datum.text}\``;
    case "scalar":
      return `\`${String(datum.value)}\``;
    case "path":
      return `\`${datum.path}\``;
    case "list": {
      const entries = entriesOf(datum).map(({ text }) => text);
      const rest =
        datum.complete && entries.length === datum.items.length ? "" : ", and what reading cannot tell";
      return entries.length === 0 ? `nothing${rest}` : `${listOf(entries)}${rest}`;
    }
    case "alternatives":
      return datum.branches
        .map(({ condition, value }) => {
          const when = condition.negated ? `not (${condition.text})` : condition.text;
          return `${datumText(value)} if \`${when}\``;
        })
        .join(", ");
    default:
      return "not known by reading";
  }
}

function ofSshKey(analysis: Analysis, path: string, offset: number, tools: HoverTools): Hover | undefined {
  const options = analysis.facts(path)?.options ?? [];
  for (const { option, value } of options) {
    if (!/key/i.test(option.at(-1) ?? "")) continue;
    const entry = entriesOf(value).find(({ span }) => span.path === path && isAt(span, offset));
    const reading = entry === undefined ? undefined : parseSshPublicKey(entry.text);
    if (entry === undefined || reading?.kind !== "key") continue;
    const { algorithm, comment, bits, blob } = reading.key;
    const size = bits > 0 ? `, ${bits} bits` : "";
    const text = `**SSH key** ${algorithm.text}${size}${comment === "" ? "" : ` — ${comment}`}`;
    return { span: entry.span, markdown: paragraphs([text, `\`${sshFingerprint(blob, tools.sha256)}\``]) };
  }
  return undefined;
}

/** A name in a set that we know, whatever is written behind it. */
function ofName(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const file = analysis.file(path);
  if (file === undefined) return undefined;
  const cursor = cursorAt(file.root, offset);
  if (cursor.spot.kind !== "name") return undefined;
  const { name } = cursor.spot;
  const doc = nameInSet(cursor.path.slice(0, -1), cursor.path.at(-1) ?? "", path);
  return doc === undefined
    ? undefined
    : { span: { path, start: name.start, end: name.end }, markdown: nameText(doc) };
}

/** A documented name as Markdown; completion shows the same. */
export function nameText(doc: NameDoc): string {
  return paragraphs([
    `**${doc.name}** — ${doc.origin}, ${doc.type}`,
    doc.description === "" ? undefined : doc.description,
    lines([
      doc.default === undefined ? undefined : `Default: \`${doc.default}\``,
      doc.required ? "Required." : undefined,
      ...doc.notes,
    ]),
    doc.link === undefined ? undefined : `[Nix manual](${doc.link})`,
  ]);
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map(name => `\`${name}\``);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== "").join("\n\n");
}

function lines(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined).join("  \n");
}

function isAt({ start, end }: { readonly start: number; readonly end: number }, offset: number): boolean {
  return start <= offset && offset <= end;
}
