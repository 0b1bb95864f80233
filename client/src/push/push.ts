// Pushing store paths to a cache: what other caches have is left out as far as the destination allows, and what fails for a
// passing reason is tried again, later each time.

import type { Clock } from "../ports/clock";
import type { ProcessResult } from "../ports/process";
import { redact } from "../redact";
import type { AtticAccess } from "../services/attic";
import type { CachixAccess, CachixPin, CachixPushOptions } from "../services/cachix";
import { type Invocation, invoke } from "../services/invocation";
import { type AskingPorts, findAvailable } from "../stores/available";
import { closureOf } from "../stores/nixPaths";
import { tellingLine, troubleOf } from "../stores/trouble";
import { CancelledError } from "../userError";
import { type Destination, isSameCache } from "./destination";
import { invocations } from "./pushInvocations";
import { permanentFailure, readPushLine } from "./pushLines";

export interface PushPorts extends AskingPorts {
  readonly clock: Clock;
}

export interface PushJob {
  readonly destination: Destination;
  /** Whole closures of these are pushed. */
  readonly paths: readonly string[];
  /** Caches that whoever fetches from the destination asks too. */
  readonly upstream: readonly string[];
  readonly cachix: CachixAccess & CachixPushOptions & { readonly pin: CachixPin | undefined };
  readonly attic: AtticAccess;
  /** For `nix copy` over SSH. */
  readonly sshOptions: string;
}

/** For people: what happens now. */
export type PushReport = (text: string) => void;

export interface PushResult {
  readonly outcome: "pushed" | "nothing-to-do" | "failed";
  readonly closure: number;
  /** How many of the closure upstream caches have. */
  readonly upstream: number;
  /** How many of these were not sent. */
  readonly leftOut: number;
  readonly attempts: number;
  /** What the program said last, where it failed. */
  readonly said: string;
  /** Upstream caches that did not answer: why. */
  readonly silent: ReadonlyMap<string, string>;
}

const ATTEMPTS = 4;
/** Of what a program prints beside its progress. */
const KEPT_LINES = 50;
const FIRST_PAUSE_MS = 2_000;

/** @throws CancelledError when the signal is aborted, UserError where Nix does not have the paths */
export async function push(
  ports: PushPorts,
  job: PushJob,
  report: PushReport,
  signal: AbortSignal,
): Promise<PushResult> {
  const closure = await closureOf(ports, job.paths, signal);
  const caches = job.upstream.filter(url => !isSameCache(job.destination, url));
  const { available, silent } = await findAvailable(ports, caches, closure, signal);
  if (signal.aborted) throw new CancelledError();
  const selection = selectPaths(job, closure, path => available.has(path));
  const facts = { closure: closure.length, upstream: available.size, leftOut: selection.leftOut, silent };
  if (selection.paths.length === 0) return { ...facts, outcome: "nothing-to-do", attempts: 0, said: "" };
  let attempts = 0;
  let said = "";
  for (const invocation of invocations(job, selection, ports.nix)) {
    const done = await withRetries(ports, invocation, report, signal);
    attempts = Math.max(attempts, done.attempts);
    said = done.said;
    if (!done.ok) return { ...facts, outcome: "failed", attempts, said };
  }
  return { ...facts, outcome: "pushed", attempts, said };
}

/** What of the closure is sent. */
export interface Selection {
  readonly paths: readonly string[];
  /** The paths are sent without what they refer to, because that is among them or left out. */
  readonly alone: boolean;
  readonly leftOut: number;
}

/**
 * Attic takes single paths. A binary cache and Cachix take closures only (Nix refuses a path there whose references are
 * missing), so of these only whole closures can be left out; Cachix goes by the upstream caches that it knows itself.
 */
function selectPaths(job: PushJob, closure: readonly string[], has: (path: string) => boolean): Selection {
  if (job.destination.kind === "attic") {
    const paths = closure.filter(path => !has(path));
    return { paths, alone: true, leftOut: closure.length - paths.length };
  }
  // what is in a cache is there with its closure
  const paths = job.paths.filter(path => !has(path));
  return { paths, alone: false, leftOut: job.paths.length - paths.length };
}

interface Attempted {
  readonly ok: boolean;
  readonly attempts: number;
  readonly said: string;
}

async function withRetries(
  ports: PushPorts,
  invocation: Invocation,
  report: PushReport,
  signal: AbortSignal,
): Promise<Attempted> {
  for (let attempt = 1; ; attempt++) {
    const { result, said } = await attemptOnce(ports, invocation, report, signal);
    if (result.kind === "cancelled") throw new CancelledError();
    if (result.kind === "exited" && result.code === 0) return { ok: true, attempts: attempt, said };
    if (result.kind === "spawnFailed") return { ok: false, attempts: attempt, said: result.message };
    if (attempt === ATTEMPTS || permanentFailure(said)) return { ok: false, attempts: attempt, said };
    const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    report(`${said}; ${pause / 1000} s`);
    try {
      await ports.clock.sleep(pause, signal);
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      throw error;
    }
  }
}

async function attemptOnce(
  { processes }: PushPorts,
  invocation: Invocation,
  report: PushReport,
  signal: AbortSignal,
): Promise<{ readonly result: ProcessResult; readonly said: string }> {
  let total = 0;
  let done = 0;
  const said: string[] = [];
  const result = await invoke(
    processes,
    invocation,
    ({ text }) => {
      const line = redact(text.trim());
      if (line === "") return;
      const read = readPushLine(line);
      if (read?.kind === "total") total = read.paths;
      else if (read?.kind === "path") report(total > 0 ? `${++done}/${total} ${read.path}` : read.path);
      // names of paths are not what a failure is known by
      if (read === undefined || read.kind === "failed") said.push(line);
      if (said.length > KEPT_LINES) said.shift();
    },
    signal,
  );
  return { result, said: mostTelling(said) };
}

/** The cause stands before what follows from it: of a lost login ssh tells why, and Nix only that. */
function mostTelling(lines: readonly string[]): string {
  if (troubleOf(lines.join("\n")) !== "unknown") return tellingLine(lines);
  return lines.findLast(line => /^error:|^Error:|^❌/.test(line)) ?? lines.at(-1) ?? "";
}
