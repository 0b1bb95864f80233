// Store references (entries of `substituters`, values of `store`) as Nix 2.3 to 2.35 read them: parts with offsets, and
// what is wrong with them. Slips that are no URL at all are recognised in storeUrlSlips.ts.

import { parseAuthority } from "./storeAuthority";
import { findStoreScheme, parameterAccepts, type StoreFamily, type StoreScheme } from "./storeScheme";
import { findSlip } from "./storeUrlSlips";
import { holdsUnknown, partOf, replaceRange, type TextPart, type TextRange, trimmedPart } from "./textPart";

export interface StoreUrl {
  /** The reference as it was parsed, without blanks around it. */
  readonly text: string;
  readonly family: StoreFamily;
  /** `https`, …; `local` for a plain path, `auto` for the empty text. */
  readonly scheme: string;
  /** Where the scheme stands; absent for a plain path. */
  readonly schemePart?: TextPart;
  readonly user?: TextPart;
  readonly password?: TextPart;
  readonly host?: TextPart;
  readonly port?: TextPart;
  /** With its leading slash; for a plain path the whole of it. */
  readonly path?: TextPart;
  readonly parameters: readonly StoreUrlParameter[];
}

export interface StoreUrlParameter extends TextRange {
  readonly name: TextPart;
  /** Percent-decoded is `decoded`; absent without `=`. */
  readonly value?: TextPart & { readonly decoded: string };
}

export type StoreUrlProblemKind =
  /** A host, or a word, without a scheme: Nix cannot parse it, or takes it for a directory if it has a slash. */
  | "no-scheme"
  /** `https//host`: silently a local directory. */
  | "missing-colon"
  /** `https:/host`. */
  | "single-slash"
  /** `https:host`. */
  | "missing-slashes"
  /** Quotes, brackets, or a comma around the URL, which become part of it. */
  | "wrapped"
  /** Several URLs in one entry, separated by a comma or semicolon. */
  | "joined"
  /** Several URLs separated by blanks: works by accident, because nix.conf splits there. */
  | "blank-inside"
  | "flake-reference"
  /** A cache key stands where the URL belongs. */
  | "is-key"
  /** `user@host` or `user@host:/path`, the form of ssh and scp. */
  | "ssh-address"
  | "unknown-scheme"
  /** A known scheme with capital letters; Nix compares exactly. */
  | "scheme-case"
  | "empty-host"
  | "bad-host"
  | "bad-port"
  /** ssh and ssh-ng take no path, not even `/`. */
  | "ssh-path"
  /** `file://relative/dir`. */
  | "relative-file"
  | "fragment"
  | "unknown-parameter"
  | "parameter-value"
  | "parameter-without-value";

export interface StoreUrlProblem extends TextRange {
  readonly kind: StoreUrlProblemKind;
  /** What certainly was meant; several entries for `joined` and `blank-inside`. */
  readonly instead?: readonly string[];
}

export interface StoreUrlReading {
  /** `unknown`: so much of the text is not known that not even the store type is. */
  readonly kind: "url" | "not-a-url" | "unknown";
  /** Present for kind `url`. */
  readonly url?: StoreUrl;
  /** In the order of the text. Nothing is reported about a part that holds an unknown piece. */
  readonly problems: readonly StoreUrlProblem[];
}

/** The same few caches stand in the settings of every host. */
const readings = new Map<string, StoreUrlReading>();
const MAX_READINGS = 1000;

/** Reads one store reference. Offsets count from the start of `text`. */
export function parseStoreUrl(text: string): StoreUrlReading {
  const known = readings.get(text);
  if (known !== undefined) return known;
  const reading = readStoreUrl(text);
  if (readings.size >= MAX_READINGS) readings.clear();
  readings.set(text, reading);
  return reading;
}

function readStoreUrl(text: string): StoreUrlReading {
  const inner = trimmedPart(text);
  const slip = findSlip(inner);
  if (slip !== undefined) return { kind: "not-a-url", problems: [slip] };
  const query = inner.text.indexOf("?");
  const before = query < 0 ? inner.text : inner.text.slice(0, query);
  const scheme = schemeOf(before);
  if (scheme === undefined) {
    if (holdsUnknown(before)) return { kind: "unknown", problems: [] };
    const path = partOf(text, inner.start, inner.start + before.length);
    return readUrl(text, inner, { scheme: "local", schemeEnd: inner.start, path });
  }
  const schemePart = partOf(text, inner.start, inner.start + scheme.length);
  if (findStoreScheme(scheme) === undefined) {
    return holdsUnknown(scheme)
      ? { kind: "unknown", problems: [] }
      : { kind: "not-a-url", problems: [unknownScheme(text, schemePart)] };
  }
  return readUrl(text, inner, { scheme, schemePart, schemeEnd: schemePart.end });
}

/** A known scheme name, or what stands before `://`; undefined for a plain path. */
function schemeOf(before: string): string | undefined {
  if (before === "") return "auto";
  if (/^(auto|daemon|local)$/.test(before)) return before;
  if (LOOSE.test(before)) return before.slice(0, before.indexOf(":"));
  return /^([^:/@\s]+):\/\//.exec(before)?.[1];
}

function unknownScheme(text: string, scheme: TextPart): StoreUrlProblem {
  const lower = scheme.text.toLowerCase();
  const known = findStoreScheme(lower) !== undefined;
  const meant = known ? lower : /^(scp|sftp)$/.test(lower) ? "ssh" : undefined;
  const kind = known ? "scheme-case" : "unknown-scheme";
  const range = { start: scheme.start, end: scheme.end };
  return meant === undefined
    ? { kind, ...range }
    : { kind, ...range, instead: [replaceRange(text, scheme, meant).trim()] };
}

/** Forms without `//` that Nix takes all the same: `file:/dir`, `ssh:host`. */
const LOOSE = /^(file:\/(?!\/)|ssh(-ng)?:(?!\/))./;

interface Head {
  readonly scheme: string;
  readonly schemePart?: TextPart;
  readonly schemeEnd: number;
  readonly path?: TextPart;
}

function readUrl(text: string, inner: TextPart, head: Head): StoreUrlReading {
  const known = findStoreScheme(head.scheme);
  if (known === undefined) return { kind: "unknown", problems: [] };
  const hash = inner.text.indexOf("#");
  const end = hash < 0 ? inner.end : inner.start + hash;
  const problems: StoreUrlProblem[] = [];
  const mark = text.indexOf("?", inner.start);
  const hasQuery = mark >= 0 && mark < end;
  const bodyEnd = hasQuery ? mark : end;
  const sign = /^:(\/\/)?/.exec(text.slice(head.schemeEnd, bodyEnd))?.[0];
  const body =
    sign === undefined || head.schemePart === undefined
      ? { problems: [] }
      : parseAuthority(text, known.family, head.schemeEnd + sign.length, bodyEnd);
  const parameters = hasQuery ? readParameters(text, mark + 1, end) : [];
  const { problems: bodyProblems, ...parts } = body;
  problems.push(
    ...bodyProblems,
    ...parameters.filter(counts).flatMap(parameter => judgeParameter(known, parameter)),
  );
  if (end < inner.end) {
    problems.push({ kind: "fragment", start: end, end: inner.end, instead: [text.slice(inner.start, end)] });
  }
  const url: StoreUrl = {
    text: inner.text,
    family: known.family,
    scheme: head.scheme,
    ...(head.schemePart === undefined ? {} : { schemePart: head.schemePart }),
    ...(head.path === undefined ? {} : { path: head.path }),
    ...parts,
    parameters,
  };
  return { kind: "url", url, problems };
}

function readParameters(text: string, start: number, end: number): StoreUrlParameter[] {
  const parameters: StoreUrlParameter[] = [];
  let at = start;
  for (const pair of text.slice(start, end).split("&")) {
    const stop = at + pair.length;
    const equals = pair.indexOf("=");
    const name = partOf(text, at, equals < 0 ? stop : at + equals);
    if (equals >= 0) {
      const value = partOf(text, at + equals + 1, stop);
      parameters.push({
        start: at,
        end: stop,
        name,
        value: { ...value, decoded: decodePercent(value.text) },
      });
    } else if (pair !== "") {
      parameters.push({ start: at, end: stop, name });
    }
    at = stop + 1;
  }
  return parameters;
}

/** Nix takes the first of several values, and passes over a name without one. */
function counts(parameter: StoreUrlParameter, index: number, all: readonly StoreUrlParameter[]): boolean {
  if (parameter.value === undefined) return true;
  const first = all.findIndex(({ name, value }) => name.text === parameter.name.text && value !== undefined);
  return first === index;
}

function judgeParameter(scheme: StoreScheme, parameter: StoreUrlParameter): StoreUrlProblem[] {
  const { name, value } = parameter;
  if (holdsUnknown(name.text)) return [];
  const known = scheme.parameters.find(candidate => candidate.name === name.text);
  if (known === undefined) return [{ kind: "unknown-parameter", start: name.start, end: name.end }];
  if (value === undefined) return [{ kind: "parameter-without-value", start: name.start, end: name.end }];
  if (holdsUnknown(value.text) || parameterAccepts(known.type, value.decoded)) return [];
  return [{ kind: "parameter-value", start: value.start, end: Math.max(value.end, value.start) }];
}

/** Percent-decoding of ASCII; what is not a valid escape stays as it is. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** The value of a parameter, decoded; of several the first counts, as in Nix. */
export function parameterOf(url: StoreUrl, name: string): string | undefined {
  return url.parameters.find(parameter => parameter.name.text === name && parameter.value !== undefined)
    ?.value?.decoded;
}

/** Parameters that choose another store, and do not only tune how it is used. */
const IDENTIFYING = ["endpoint", "profile", "region", "remote-store", "root", "scheme", "state", "store"];

/**
 * The same text for references to the same store: host in lower case, default port, slashes at the end and tuning
 * parameters dropped. Not a valid URL in all cases; for comparing only.
 */
export function storeIdentity(url: StoreUrl): string {
  const user = url.user === undefined ? "" : `${url.user.text}@`;
  const port =
    url.port === undefined || url.port.text === DEFAULT_PORTS[url.scheme] ? "" : `:${url.port.text}`;
  const path = (url.path?.text ?? "").replace(/\/+$/, "");
  const chosen = IDENTIFYING.flatMap(name => {
    const value = parameterOf(url, name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const query = chosen.length === 0 ? "" : `?${chosen.join("&")}`;
  return `${url.scheme}://${user}${url.host?.text.toLowerCase() ?? ""}${port}${path}${query}`;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  http: "80",
  https: "443",
  ssh: "22",
  "ssh-ng": "22",
};
