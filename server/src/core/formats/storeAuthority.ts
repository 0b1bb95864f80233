// What follows `SCHEME://` in a store URL: `[user[:password]@]host[:port][/path]`, judged by what each store type takes.

import type { StoreFamily } from "./storeScheme";
import type { StoreUrlProblem, StoreUrlProblemKind } from "./storeUrl";
import { holdsUnknown, partOf, type TextPart, type TextRange, UNKNOWN_MARK } from "./textPart";

export interface AuthorityReading {
  readonly user?: TextPart;
  readonly password?: TextPart;
  readonly host?: TextPart;
  readonly port?: TextPart;
  readonly path?: TextPart;
  readonly problems: readonly StoreUrlProblem[];
}

/** Reads `text` from `start` (after `://`) to `end` (before `?` or `#`). */
export function parseAuthority(
  text: string,
  family: StoreFamily,
  start: number,
  end: number,
): AuthorityReading {
  if (family === "http" || family === "s3") return readNetwork(text, family, start, end);
  if (family === "ssh") return readSsh(text, start, end);
  return readPath(text, family, start, end);
}

function readPath(text: string, family: StoreFamily, start: number, end: number): AuthorityReading {
  const path = partOf(text, start, end);
  if (path.text === "") {
    return family === "file" ? { problems: [problem("relative-file", { start: 0, end })] } : { problems: [] };
  }
  const relative = family === "file" && !path.text.startsWith("/") && !path.text.startsWith(UNKNOWN_MARK);
  return { path, problems: relative ? [problem("relative-file", path)] : [] };
}

function readNetwork(text: string, family: "http" | "s3", start: number, end: number): AuthorityReading {
  const slash = text.indexOf("/", start);
  const authorityEnd = slash >= 0 && slash < end ? slash : end;
  const parts = splitAuthority(text, start, authorityEnd);
  const path = authorityEnd < end ? { path: partOf(text, authorityEnd, end) } : {};
  if (parts.host.text === "" && parts.user === undefined) {
    const named = family === "http" ? /^\/+([^/]+\..*|localhost.*)$/.exec(text.slice(start)) : null;
    const meant = named?.[1] === undefined ? undefined : text.slice(0, start) + named[1];
    const range = { start, end: Math.max(authorityEnd, Math.min(start + 1, end)) };
    return { ...path, problems: [problem("empty-host", range, meant?.trim())] };
  }
  return { ...parts, ...path, problems: [...judgeHost(parts.host), ...judgePort(parts.port)] };
}

function readSsh(text: string, start: number, end: number): AuthorityReading {
  const slash = text.indexOf("/", start);
  const authorityEnd = slash >= 0 && slash < end ? slash : end;
  const parts = splitAuthority(text, start, authorityEnd);
  const problems: StoreUrlProblem[] = [];
  // `ssh://host:/path` is scp's habit: the colon belongs to the path that is not allowed.
  const scp = parts.port?.text === "" && authorityEnd < end;
  if (parts.host.text === "")
    problems.push(problem("empty-host", { start, end: Math.max(authorityEnd, start) }));
  else problems.push(...judgeHost(parts.host), ...(scp ? [] : judgePort(parts.port)));
  if (authorityEnd >= end) return { ...parts, problems };
  const from = scp ? parts.host.end : authorityEnd;
  const path = partOf(text, authorityEnd, end);
  const meant = parts.host.text === "" ? undefined : (text.slice(0, from) + text.slice(end)).trim();
  problems.push(problem("ssh-path", { start: from, end }, meant));
  const { port, ...others } = parts;
  return { ...others, ...(scp || port === undefined ? {} : { port }), path, problems };
}

function problem(kind: StoreUrlProblemKind, at: TextRange, meant?: string): StoreUrlProblem {
  const found = { kind, start: at.start, end: at.end };
  return meant === undefined ? found : { ...found, instead: [meant] };
}

interface AuthorityParts {
  readonly user?: TextPart;
  readonly password?: TextPart;
  readonly host: TextPart;
  readonly port?: TextPart;
}

function splitAuthority(text: string, start: number, end: number): AuthorityParts {
  const authority = text.slice(start, end);
  const at = authority.lastIndexOf("@");
  const hostStart = start + at + 1;
  const hostPort = authority.slice(at + 1);
  // An IPv6 address stands in brackets, so that its colons are not the port's.
  const bracket = /^\[[^\]]*\]/.exec(hostPort)?.[0].length ?? 0;
  const colon = hostPort.indexOf(":", bracket);
  const hostEnd = colon < 0 ? end : hostStart + colon;
  return {
    ...(at < 0 ? {} : splitUser(text, start, start + at)),
    host: partOf(text, hostStart, hostEnd),
    ...(colon < 0 ? {} : { port: partOf(text, hostEnd + 1, end) }),
  };
}

function splitUser(text: string, start: number, end: number): { user: TextPart; password?: TextPart } {
  const colon = text.slice(start, end).indexOf(":");
  if (colon < 0) return { user: partOf(text, start, end) };
  return { user: partOf(text, start, start + colon), password: partOf(text, start + colon + 1, end) };
}

function judgeHost(host: TextPart): StoreUrlProblem[] {
  if (holdsUnknown(host.text)) return [];
  if (/^\[[0-9A-Fa-f:.%]+[\w.-]*\]$/.test(host.text)) return [];
  const fine =
    /^[A-Za-z0-9_\u0080-\uFFFB](?:[A-Za-z0-9._%~\u0080-\uFFFB-]*)$/.test(host.text) &&
    !/\.\./.test(host.text);
  return fine ? [] : [problem("bad-host", host)];
}

function judgePort(port: TextPart | undefined): StoreUrlProblem[] {
  if (port === undefined || holdsUnknown(port.text)) return [];
  const fine = /^\d{1,5}$/.test(port.text) && Number(port.text) >= 1 && Number(port.text) <= 65535;
  return fine
    ? []
    : [problem("bad-port", port.text === "" ? { start: port.start - 1, end: port.end } : port)];
}
