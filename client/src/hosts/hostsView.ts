// The view "Hosts" with its filter, its arrangement and the status items: what is known, shown.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { DataTree } from "../editor/dataTree";
import { StatusItems } from "../editor/statusItems";
import { t } from "../l10n";
import { findProgram } from "../ports/findProgram";
import { fleetContext } from "../state/fleetContext";
import { orCancel } from "../userError";
import { chooseArrangement, parseArrangement } from "./arrangement";
import type { DriftTracking } from "./driftTracking";
import { hostState } from "./hostState";
import { hostsStatus } from "./hostsStatus";
import { hostsTree } from "./hostsTree";

const VIEW = "nixDeploy.hosts";
const ARRANGEMENT = "hosts.arrangement";
/** News within this time are shown together: during a round they come by the hundred. */
const REST_MS = 100;

export class HostsView implements Disposable {
  readonly #app: App;
  readonly #drifts: DriftTracking;
  readonly #store = new DisposableStore();
  readonly #tree = this.#store.add(new DataTree(VIEW, { canSelectMany: true }));
  readonly #status = this.#store.add(new StatusItems(VIEW, t("Hosts of Nix Deploy")));
  #filter = "";
  #nixMissing = false;
  #waiting: Disposable | undefined;

  constructor(app: App, drifts: DriftTracking) {
    this.#app = app;
    this.#drifts = drifts;
    const { fleet, observed, deployments } = app.state;
    for (const event of [fleet.onDidChange, app.workspace.onDidChange])
      this.#store.add(event(() => this.#update()));
    this.#store.add(app.config.onDidChange(() => this.#lookForNix()));
    this.#store.add(observed.onDidChange(() => this.#updateSoon()));
    this.#store.add(deployments.onDidChange(() => this.#updateSoon()));
    this.#store.add(drifts.onDidChange(() => this.#updateSoon()));
    this.#lookForNix();
  }

  get visible(): boolean {
    return this.#tree.visible;
  }

  get onDidChangeVisibility() {
    return this.#tree.onDidChangeVisibility;
  }

  /** Shows a moving bar above the view until the work is over; answers the work. */
  busyWhile(work: Promise<void>): Promise<void> {
    return this.#tree.busyWhile(work);
  }

  async askFilter(): Promise<void> {
    const prompt = t(
      "Words that occur in the name, address or tool; @tag for tags; is:up, is:down, is:attention, is:drifted for states. Empty shows all hosts.",
    );
    const options = { title: t("Filter Hosts"), prompt, value: this.#filter };
    this.setFilter(orCancel(await this.#app.ui.input(options)).trim());
  }

  setFilter(filter: string): void {
    this.#filter = filter;
    this.#app.workspace.setContext("nixDeploy.hostsFiltered", filter !== "");
    this.#update();
  }

  async askArrangement(): Promise<void> {
    const { workspace } = this.#app.storage;
    const now = parseArrangement(workspace.get(ARRANGEMENT));
    await workspace.set(ARRANGEMENT, await chooseArrangement(this.#app.ui, now));
    this.#update();
  }

  #lookForNix(): void {
    this.#nixMissing = findProgram(this.#app.config.read().tools.nix) === undefined;
    this.#app.workspace.setContext("nixDeploy.nixMissing", this.#nixMissing);
    this.#update();
  }

  #updateSoon(): void {
    this.#waiting ??= this.#app.ports.clock.after(REST_MS, () => this.#update());
  }

  #update(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    const { fleet, observed, deployments } = this.#app.state;
    this.#app.workspace.setContext("nixDeploy.fleet", fleetContext(fleet, this.#app.workspace.folders));
    const rows = hostsTree({
      fleet: fleet.snapshot,
      filter: this.#filter,
      arrangement: parseArrangement(this.#app.storage.workspace.get(ARRANGEMENT)),
      observed: host => observed.get(host),
      running: host => deployments.get(host),
      drift: host => this.#drifts.get(host),
    });
    this.#tree.show(rows, rows.length === 0 ? undefined : this.#message());
    this.#showStatus();
  }

  #message(): string | undefined {
    const { status } = this.#app.state.fleet;
    const lines = [
      status.kind === "serverDown"
        ? t("The language server is not running; this is the last known fleet.")
        : undefined,
      this.#app.workspace.trusted
        ? undefined
        : t("This workspace is not trusted: hosts are read from the configuration, and none is asked."),
      this.#filter === "" ? undefined : t("Filter: {0}", this.#filter),
      this.#nixMissing && this.#app.workspace.trusted
        ? t("Nix was not found on this machine: hosts can be asked, but nothing can be built.")
        : undefined,
    ].filter(line => line !== undefined);
    return lines.length === 0 ? undefined : lines.join(" ");
  }

  #showStatus(): void {
    const { fleet, observed, deployments } = this.#app.state;
    const states = fleet.hosts.map(host => {
      const { name } = host;
      const known = {
        host,
        observation: observed.get(name),
        running: deployments.get(name),
        drift: this.#drifts.get(name),
      };
      return [name, hostState(known).kind] as const;
    });
    this.#status.show(hostsStatus(new Map(states)));
  }

  dispose(): void {
    this.#waiting?.dispose();
    this.#store.dispose();
  }
}
