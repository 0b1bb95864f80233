// What a run writes down: before a host is touched, that it is about to be, so that a window which is closed in the middle leaves
// a trace; after it, what became of the host.

import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { t } from "../l10n";
import { readWorkTree, type WorkTree } from "../state/workTree";
import type { DeployApp } from "./deployApp";
import type { HostAnswer } from "./hostAnswer";
import type { HostRecord } from "./hostEnd";
import { changesHost, type HostPlan } from "./plan";

/** Names of what a deployment makes on its host. */
export interface HostTokens {
  readonly lock: string;
  readonly activation: string;
}

export class RunRecords {
  readonly #app: DeployApp;
  /** Entries of one run over several hosts share it. */
  readonly #run: string;
  readonly #trees = new Map<string, Promise<WorkTree>>();

  constructor(app: DeployApp, run: string) {
    this.#app = app;
    this.#run = run;
  }

  /** Reads the commit now: people go on working while a deployment runs. */
  noteCommit({ root }: HostPlan): void {
    if (!this.#trees.has(root)) this.#trees.set(root, readWorkTree(this.#app.ports.processes, root));
  }

  /** Answers what `close` is given; undefined for a host on which nothing changes. */
  async open(
    plan: HostPlan,
    tokens: HostTokens,
    expected: string | undefined,
    before: HostAnswer | undefined,
  ): Promise<string | undefined> {
    const { host, action, tool, root, connection } = plan;
    if (!changesHost(action) || connection === undefined) return undefined;
    const id = randomUUID();
    try {
      await this.#app.state.open.begin({
        version: 1,
        id,
        run: this.#run,
        pid: process.pid,
        ...(await this.#about(root)),
        host,
        action,
        tool,
        root,
        destination: connection.destination,
        options: connection.options,
        expected: expected ?? null,
        before: before?.kind === "reached" ? before : null,
        ...tokens,
      });
      return id;
    } catch (error) {
      // only a window that is closed in the middle would miss it
      this.#app.log.error("a begun deployment could not be noted", { host, error });
      return undefined;
    }
  }

  /** `told`: the host said how it ended. */
  async close(id: string | undefined, told: boolean): Promise<void> {
    if (id === undefined) return;
    if (!told) return this.#app.state.open.leave(id);
    try {
      await this.#app.state.open.end(id);
    } catch (error) {
      this.#app.log.error("the note of a begun deployment could not be removed", { id, error });
    }
  }

  async remember(record: HostRecord): Promise<void> {
    const { ledger } = this.#app.state;
    try {
      const about = await this.#about(record.root);
      await ledger.append({ version: 1, id: randomUUID(), run: this.#run, ...about, ...record });
    } catch (error) {
      // the deployment is over and its result is shown; only the history misses it
      this.#app.log.error("the history could not be written", { path: ledger.path, error });
      void this.#app.ui.showWarning(
        t("The deployment to {0} could not be written to the history.", record.host),
      );
    }
  }

  async #about(root: string) {
    const tree = await this.#trees.get(root);
    return {
      at: new Date(this.#app.ports.clock.now()).toISOString(),
      who: `${userInfo().username}@${hostname()}`,
      commit: tree?.commit ?? null,
      dirty: tree?.dirty ?? null,
    };
  }
}
