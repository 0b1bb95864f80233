// Asks hosts when nobody does: when the view is shown, after deployments, and at the interval that the user set.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import type { Event } from "../events";
import type { Probing } from "./probing";

/** The view as far as asking depends on it. */
export interface ShownView {
  readonly visible: boolean;
  readonly onDidChangeVisibility: Event<boolean>;
  busyWhile(work: Promise<void>): Promise<void>;
}

export type AskingApp = Pick<App, "config" | "log" | "workspace"> & {
  readonly ports: Pick<App["ports"], "clock">;
  readonly state: Pick<App["state"], "fleet" | "deployments">;
};

export class AskingUnasked implements Disposable {
  readonly #app: AskingApp;
  readonly #probing: Probing;
  readonly #view: ShownView;
  readonly #store = new DisposableStore();
  #timer: Disposable | undefined;
  #deploying: ReadonlySet<string> = new Set();

  constructor(app: AskingApp, probing: Probing, view: ShownView) {
    this.#app = app;
    this.#probing = probing;
    this.#view = view;
    this.#store.add(view.onDidChangeVisibility(() => this.#whenVisible("due")));
    this.#store.add(app.workspace.onDidChange(() => this.#whenVisible("due")));
    // the fleet changes with every edit; that is no reason to ask hosts again
    this.#store.add(app.state.fleet.onDidChange(() => this.#whenVisible("new")));
    this.#store.add(app.config.onDidChange(() => this.#schedule()));
    this.#store.add(app.state.deployments.onDidChange(() => this.#afterDeployments()));
    this.#schedule();
  }

  #whenVisible(which: "due" | "new"): void {
    if (this.#view.visible) this.#run(this.#probing.background(which));
  }

  #afterDeployments(): void {
    const now = new Set(this.#app.state.deployments.all.map(({ host }) => host));
    const over = [...this.#deploying].filter(host => !now.has(host));
    this.#deploying = now;
    for (const host of over) this.#run(this.#probing.askAgain(host));
  }

  #schedule(): void {
    this.#timer?.dispose();
    const minutes = this.#app.config.read().hosts.refreshMinutes;
    if (minutes === 0) return;
    this.#timer = this.#app.ports.clock.after(minutes * 60_000, () => {
      this.#run(this.#probing.background("due"));
      this.#schedule();
    });
  }

  #run(work: Promise<void> | undefined): void {
    if (work === undefined) return;
    void this.#view
      .busyWhile(work)
      .catch((error: unknown) => this.#app.log.error("asking hosts failed", { error }));
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#store.dispose();
  }
}
