// A host that refuses the login does so again a moment later, and servers shut out addresses that try again and again (OpenSSH's
// PerSourcePenalties). Who asks a host more than once tells the two kinds of failure apart here.

import type { SshFailure } from "../ports/ssh/outcome";

/** Each refused login counts five seconds against an address; from fifteen on, it is shut out. */
const REFUSED_PAUSE_MS = 15_000;

/** How ssh's own words tell that asking again is of no use for now; undefined where they don't. */
export function refusalIn(said: string): Extract<SshFailure["kind"], "auth" | "hostKey"> | undefined {
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said)) return "hostKey";
  return /Permission denied \(|Too many authentication failures|Not allowed at this time/.test(said)
    ? "auth"
    : undefined;
}

/** How long to wait before a host is asked again that answered with `said`; `pauseMs` where it refused nothing. */
export function pauseAfter(said: string, pauseMs: number): number {
  return refusalIn(said) === undefined ? pauseMs : Math.max(pauseMs, REFUSED_PAUSE_MS);
}
