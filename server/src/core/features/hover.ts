// Hover: what a setting, an option, a cache, a key or a host is, and what holds for it in this fleet. Markdown.

import type { Analysis } from "../analysis";
import type { Field, Host, Profile } from "../fleet/fleet";
import { encodeBase64 } from "../formats/base64";
import { parseCacheKey } from "../formats/cacheKey";
import { parseSshPublicKey, sshFingerprint } from "../formats/sshPublicKey";
import type { Span } from "../text/span";
import { cacheOfKey, hostOfUrl, hostsTrustingKey, hostsUsingCache, keysOfCache } from "./cacheFacts";
import { type Cursor, cursorAt } from "./cursor";
import { hostAtCursor, hostsAt } from "./hostReferences";
import { ofActivation, ofFeature, ofName, ofSetting, ofSilencedCode } from "./hoverNames";
import { code, countOf, lines, listOf, paragraphs } from "./markdown";
import { entriesOf, type Mention, mentionsIn } from "./mentions";

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What hover needs that core cannot do or know by itself. */
export interface HoverTools {
  sha256(bytes: Uint8Array): Uint8Array;
  /** What was last observed of a host; undefined where nobody asked it. */
  stateOf?(host: string): HostState | undefined;
}

/** Whether a host runs what the repository says, in words for people. */
export interface HostState {
  /** A few words: "up to date", "3 behind". */
  readonly text: string;
  /** The whole of it; may be empty. */
  readonly detail: string;
}

export function hover(
  analysis: Analysis,
  path: string,
  offset: number,
  tools: HoverTools,
): Hover | undefined {
  const text = analysis.text(path);
  if (text === undefined) return undefined;
  const root = analysis.file(path)?.root;
  const cursor = root === undefined ? undefined : cursorAt(root, offset);
  return (
    ofSilencedCode(path, text, offset) ??
    ofMention(analysis, path, offset, tools) ??
    ofHosts(analysis, path, offset, tools) ??
    ofSetting(analysis, path, offset) ??
    ofSshKey(analysis, path, offset, tools) ??
    ofFeature(analysis, path, offset) ??
    (cursor === undefined ? undefined : atCursor(analysis, path, offset, cursor, tools))
  );
}

function atCursor(
  analysis: Analysis,
  path: string,
  offset: number,
  cursor: Cursor,
  tools: HoverTools,
): Hover | undefined {
  const referred = hostAtCursor(analysis, cursor);
  if (referred !== undefined)
    return { span: { path, ...referred.place }, markdown: hostText(referred.host, tools) };
  return (
    ofProfile(analysis, path, offset) ?? ofActivation(path, cursor) ?? ofName(analysis, path, offset, cursor)
  );
}

function ofMention(analysis: Analysis, path: string, offset: number, tools: HoverTools): Hover | undefined {
  const mention = mentionsIn(analysis, path).find(({ span }) => isAt(span, offset));
  if (mention === undefined) return undefined;
  const markdown =
    mention.kind === "cache" ? cacheText(analysis, mention) : keyText(analysis, mention, tools);
  return markdown === undefined ? undefined : { span: mention.span, markdown };
}

function cacheText(analysis: Analysis, { text }: Mention): string {
  const host = hostOfUrl(analysis.fleet(), text);
  const keys = keysOfCache(analysis.fleet(), text);
  return paragraphs([
    `**Cache** ${code(text)}`,
    host === undefined ? undefined : `The store of the host ${code(host.name)} of this fleet.`,
    keys.length === 0 ? "No key is known for it." : `Signs with ${listOf(keys)}.`,
    usersText("Asked by", hostsUsingCache(analysis.fleet(), text)),
  ]);
}

function keyText(analysis: Analysis, { text }: Mention, tools: HoverTools): string | undefined {
  const reading = parseCacheKey(text);
  if (reading.kind !== "key") return undefined;
  const { name, bytes } = reading.key;
  const cache = cacheOfKey(analysis.fleet(), name);
  const fingerprint = encodeBase64(tools.sha256(bytes)).replace(/=+$/, "");
  return paragraphs([
    `**Key** ${code(name)}`,
    cache === undefined ? "No cache is known that signs with it." : `Signs what ${code(cache)} serves.`,
    usersText("Trusted by", hostsTrustingKey(analysis.fleet(), name)),
    `Ed25519, \`SHA256:${fingerprint}\``,
  ]);
}

function usersText(verb: string, hosts: readonly string[]): string {
  if (hosts.length === 0) return `${verb} no host of this fleet.`;
  return `${verb} ${countOf(hosts.length, "host")}: ${listOf(hosts)}.`;
}

/** Where hosts are defined. */
function ofHosts(analysis: Analysis, path: string, offset: number, tools: HoverTools): Hover | undefined {
  const here = hostsAt(analysis, path, offset);
  const [first] = here;
  if (first === undefined) return undefined;
  if (here.length === 1) return { span: first.span, markdown: hostText(first.host, tools) };
  const names = here.map(({ host }) => host.name);
  return { span: first.span, markdown: `**${names.length} hosts** are made here: ${listOf(names)}.` };
}

function hostText(host: Host, tools: HoverTools): string {
  const state = tools.stateOf?.(host.name);
  return paragraphs([
    `**Host** ${code(host.name)} — ${host.tools.join(", ")}`,
    lines([
      host.hostname === undefined ? undefined : `Address: ${fieldText(host.hostname)}`,
      host.sshUser === undefined ? undefined : `Login: ${fieldText(host.sshUser)}`,
      host.system === undefined ? undefined : `System: ${fieldText(host.system)}`,
      host.tags.length === 0 ? undefined : `Tags: ${listOf(host.tags)}`,
      host.profiles.length === 0 ? undefined : `Profiles: ${listOf(host.profiles.map(({ name }) => name))}`,
    ]),
    state === undefined ? undefined : lines([`State: **${state.text}**`, state.detail]),
  ]);
}

function fieldText(field: Field<string> | undefined): string {
  if (field === undefined) return "not given";
  return field.known ? code(field.value) : `not known by reading (${field.reason})`;
}

/** The name of a deploy-rs profile. */
function ofProfile(analysis: Analysis, path: string, offset: number): Hover | undefined {
  for (const host of analysis.fleet().hosts) {
    const profile = host.profiles.find(({ span }) => span.path === path && isAt(span, offset));
    if (profile !== undefined) return { span: profile.span, markdown: profileText(host, profile) };
  }
  return undefined;
}

function profileText(host: Host, { name, user, sshUser, activation }: Profile): string {
  const from = activation?.argument.configuration;
  const kind = activation?.kind === "bare" || activation?.kind === "unknown" ? undefined : activation?.kind;
  return paragraphs([
    `**Profile** ${code(name)} of the host ${code(host.name)} — deploy-rs`,
    lines([
      kind === undefined ? undefined : `Activated by: \`activate.${kind}\``,
      from === undefined ? undefined : `Configuration: ${code(from)}`,
      `Owner: ${fieldText(user)}`,
      `Login: ${fieldText(sshUser)}`,
    ]),
  ]);
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

function isAt({ start, end }: { readonly start: number; readonly end: number }, offset: number): boolean {
  return start <= offset && offset <= end;
}
