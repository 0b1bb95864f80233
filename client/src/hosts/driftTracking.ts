// Keeps, for each host, whether it runs what the repository says. Git is asked only in trusted workspaces, once for each
// folder and for each commit that hosts run.

import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { Emitter, type Event } from "../events";
import { capture, succeeded } from "../ports/process";
import { readWorkTree } from "../state/workTree";
import { bySystem, type Distance, type Drift, judgeDrift, originOf } from "./drift";

export type DriftApp = Pick<App, "log" | "workspace"> & {
  readonly ports: Pick<App["ports"], "processes" | "clock">;
  readonly state: Pick<App["state"], "fleet" | "observed" | "ledger">;
};

/** News within this time are judged together. */
const REST_MS = { hosts: 300, edits: 3000 } as const;
const MOST_DISTANCES = 500;

export class DriftTracking implements Disposable {
  readonly #app: DriftApp;
  readonly #changed = new Emitter<void>();
  readonly #distances = new Map<string, Distance | undefined>();
  #drifts: ReadonlyMap<string, Drift> = new Map();
  #waiting: Disposable | undefined;
  #working = false;
  #ended = false;

  constructor(app: DriftApp) {
    this.#app = app;
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Undefined before the host has answered, and where the folder has no commits. */
  get(host: string): Drift | undefined {
    return this.#drifts.get(host);
  }

  /** Judges all hosts again, soon. News from hosts come in bunches, and edits while somebody types. */
  refreshSoon(news: "hosts" | "edits"): void {
    if (this.#waiting !== undefined || this.#ended) return;
    this.#waiting = this.#app.ports.clock.after(REST_MS[news], () => {
      this.#waiting = undefined;
      if (this.#working) this.refreshSoon(news);
      else void this.refresh();
    });
  }

  /** Judges all hosts again. Never rejects. */
  async refresh(): Promise<void> {
    if (!this.#app.workspace.trusted) return;
    this.#working = true;
    try {
      this.#drifts = await this.#judgeAll();
      if (!this.#ended) this.#changed.fire();
    } catch (error) {
      this.#app.log.error("drift could not be told", { error });
    } finally {
      this.#working = false;
    }
  }

  async #judgeAll(): Promise<ReadonlyMap<string, Drift>> {
    const { fleet, observed, ledger } = this.#app.state;
    const answered = fleet.hosts.flatMap(host => {
      const facts = observed.get(host.name)?.told?.facts;
      return facts === undefined ? [] : [{ host, facts }];
    });
    if (answered.length === 0) return new Map();
    const systems = bySystem((await ledger.load()).entries);
    const drifts = new Map<string, Drift>();
    for (const root of new Set(answered.map(({ host }) => host.root))) {
      const here = await readWorkTree(this.#app.ports.processes, root);
      for (const { host, facts } of answered.filter(item => item.host.root === root)) {
        const origin = originOf(facts, systems);
        const distance =
          origin === undefined || here.commit === null
            ? undefined
            : await this.#distance(root, origin.commit, here.commit);
        const drift = judgeDrift(origin, here, distance);
        if (drift !== undefined) drifts.set(host.name, drift);
      }
    }
    return drifts;
  }

  async #distance(root: string, running: string, here: string): Promise<Distance | undefined> {
    const key = `${root}\n${running}\n${here}`;
    if (this.#distances.has(key)) return this.#distances.get(key);
    const args = ["rev-list", "--left-right", "--count", `${running}...${here}`, "--"];
    const { result, stdout } = await capture(this.#app.ports.processes, { command: "git", args, cwd: root });
    const [ahead, behind] = (/^(\d+)\t(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    const known = succeeded(result) && ahead !== undefined && behind !== undefined;
    const distance = known ? { ahead, behind } : undefined;
    if (this.#distances.size >= MOST_DISTANCES) this.#distances.clear();
    // a commit that is not here may come with the next fetch
    if (distance !== undefined) this.#distances.set(key, distance);
    return distance;
  }

  dispose(): void {
    this.#ended = true;
    this.#waiting?.dispose();
    this.#changed.dispose();
  }
}
