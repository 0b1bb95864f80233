// Asking hosts what they run: rounds over many hosts, of which one runs at a time, and single questions. All answers go
// to the ObservedStore. How many connections are open at once is the SSH port's business.

import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import type { SshTarget } from "../ports/ssh/connection";
import { sshTargetOf } from "../state/hostAddress";
import type { ObservedStore } from "../state/observedStore";
import { isDue } from "./backOff";
import { parseProbe } from "./probe/parse";
import { cachesToTry, probeScript } from "./probe/script";

/** The part of App that asking needs. */
export type ProbingApp = Pick<App, "log" | "workspace"> & {
  readonly ports: Pick<App["ports"], "ssh" | "clock">;
  readonly state: Pick<App["state"], "fleet"> & { readonly observed: ObservedStore };
};

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Somebody waits for it: passphrases may be asked for, and the hosts try their caches. */
  readonly wanted: boolean;
  /** Called after each host, with its name. */
  readonly onDone?: (host: string) => void;
}

export class Probing implements Disposable {
  readonly #app: ProbingApp;
  readonly #ended = new AbortController();
  /** Hosts that are being asked now. */
  readonly #asking = new Map<string, Promise<void>>();
  #round:
    | { readonly abort: AbortController; readonly wanted: boolean; readonly done: Promise<void> }
    | undefined;

  constructor(app: ProbingApp) {
    this.#app = app;
    setMaxListeners(0, this.#ended.signal);
  }

  /** Whether the host is being asked now. */
  isAsking(host: string): boolean {
    return this.#asking.has(host);
  }

  /**
   * A round that nobody waits for, over the hosts that were not asked for a while, or over those that never were.
   * Undefined where there is nothing to do: in an untrusted workspace, while a round runs, or when nobody is due.
   */
  background(which: "due" | "new"): Promise<void> | undefined {
    if (this.#round !== undefined) return undefined;
    const { clock } = this.#app.ports;
    const { observed } = this.#app.state;
    const asked = this.#reachable().filter(({ name }) =>
      which === "new"
        ? observed.get(name) === undefined && !this.isAsking(name)
        : isDue(observed.get(name), clock.now()),
    );
    if (asked.length === 0) return undefined;
    return this.#runRound(asked, { signal: this.#ended.signal, wanted: false });
  }

  /** Asks these hosts now, whether they answered lately or not; a round that nobody waits for makes room. */
  async ask(names: readonly string[], options: Omit<ProbeOptions, "wanted">): Promise<void> {
    const chosen = this.#reachable().filter(host => names.includes(host.name));
    while (this.#round !== undefined) {
      if (!this.#round.wanted) this.#round.abort.abort();
      await this.#round.done;
    }
    if (options.signal.aborted || chosen.length === 0) return;
    await this.#runRound(chosen, { ...options, wanted: true });
  }

  /** Asks one host without minding rounds, as after a deployment. */
  async askAgain(name: string): Promise<void> {
    const host = this.#reachable().find(candidate => candidate.name === name);
    await this.#asking.get(name);
    if (host !== undefined) await this.#askHost(host, { signal: this.#ended.signal, wanted: false });
  }

  #reachable(): readonly HostSnapshot[] {
    if (!this.#app.workspace.trusted || this.#ended.signal.aborted) return [];
    return this.#app.state.fleet.hosts.filter(host => sshTargetOf(host) !== undefined);
  }

  async #runRound(hosts: readonly HostSnapshot[], options: ProbeOptions): Promise<void> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, options.signal, this.#ended.signal]);
    setMaxListeners(0, signal);
    const asked = hosts.map(async host => {
      await this.#askHost(host, { ...options, signal });
      options.onDone?.(host.name);
    });
    const round = { abort, wanted: options.wanted, done: Promise.all(asked).then(() => undefined) };
    this.#round = round;
    const started = this.#app.ports.clock.elapsed();
    try {
      await round.done;
    } finally {
      if (this.#round === round) this.#round = undefined;
      const milliseconds = Math.round(this.#app.ports.clock.elapsed() - started);
      this.#app.log.debug("asked hosts", { hosts: hosts.length, milliseconds, cancelled: signal.aborted });
    }
  }

  #askHost(host: HostSnapshot, options: ProbeOptions): Promise<void> {
    const target = sshTargetOf(host);
    if (target === undefined) return Promise.resolve();
    const known = this.#asking.get(host.name);
    if (known !== undefined) return known;
    const asking = this.#exchange(host, target, options).finally(() => this.#asking.delete(host.name));
    this.#asking.set(host.name, asking);
    return asking;
  }

  async #exchange(host: HostSnapshot, target: SshTarget, options: ProbeOptions): Promise<void> {
    const { ports, state } = this.#app;
    const { signal, wanted } = options;
    const mark = randomBytes(8).toString("hex");
    const effective = state.observed.get(host.name)?.told?.facts.settings?.substituters ?? [];
    const caches = wanted ? cachesToTry([...host.substituters, ...effective]) : [];
    const outcome = await ports.ssh.run(target, probeScript(mark, caches), { signal, mayAsk: wanted });
    const at = ports.clock.now();
    if (outcome.kind === "failed") {
      const { kind, message, hostKey } = outcome.failure;
      if (kind === "cancelled") return;
      const shown = hostKey === undefined ? {} : { hostKey };
      state.observed.set(host.name, { at, answer: { kind: "failed", why: message, cause: kind, ...shown } });
      return;
    }
    const reading = parseProbe({ output: outcome.stdout, mark, cut: outcome.truncated, caches });
    if (reading.kind === "garbage") {
      state.observed.set(host.name, {
        at,
        answer: { kind: "failed", why: reading.message, cause: "protocol" },
      });
      return;
    }
    const { facts } = reading;
    state.observed.setFacts(host.name, { at, facts, caches: wanted ? reading.caches : undefined });
  }

  dispose(): void {
    this.#ended.abort();
  }
}
