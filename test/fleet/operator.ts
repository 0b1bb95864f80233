// Somebody who deploys: the extension's own flows on Node's ports, without an editor. Two of them are two people.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseConfig } from "../../client/src/config";
import type { DeployApp } from "../../client/src/deploy/deployApp";
import { prepare } from "../../client/src/deploy/deployer";
import type { DeployEvent, HostResult } from "../../client/src/deploy/events";
import type { DeployHooks } from "../../client/src/deploy/hooks";
import { execute } from "../../client/src/deploy/runPlan";
import type { DeployAction } from "../../client/src/deploy/tools/adapter";
import { Emitter } from "../../client/src/events";
import { systemClock } from "../../client/src/ports/clock";
import { nodeFiles } from "../../client/src/ports/files";
import { SILENT_LOG } from "../../client/src/ports/log";
import { NodeProcesses } from "../../client/src/ports/nodeProcesses";
import { scriptedUi } from "../../client/src/ports/scriptedUi";
import type { TerminalRunner } from "../../client/src/ports/terminalRunner";
import { FleetStore } from "../../client/src/state/fleetStore";
import { Ledger } from "../../client/src/state/ledger";
import { ObservedStore } from "../../client/src/state/observedStore";
import { OpenDeployments } from "../../client/src/state/openDeployments";
import { RunningDeployments } from "../../client/src/state/runningDeployments";
import type { HostSnapshot } from "../../server/src/protocol";
import { noSsh } from "../harness/noSsh";
import { fleetOf, hostOf } from "../harness/snapshots";

export interface RunDetails {
  readonly onEvent?: (event: DeployEvent) => void;
  readonly signal?: AbortSignal;
  readonly hooks?: DeployHooks;
  /** For programs that ask for a password. */
  readonly terminals?: TerminalRunner;
  /** Settings for this run, without the `nixDeploy.` prefix. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Operator {
  readonly app: DeployApp;
  run(action: DeployAction, hosts: readonly string[], details?: RunDetails): Promise<readonly HostResult[]>;
  remove(): void;
}

/** `hosts` are names of the toy flake in `root`, or hosts with more about them; `folder` is what an earlier one left behind. */
export async function createOperator(
  root: string,
  hosts: readonly (string | (Partial<HostSnapshot> & { readonly name: string }))[],
  folder = mkdtempSync(path.join(tmpdir(), "operator-")),
): Promise<Operator> {
  const server = {
    state: { kind: "running" } as const,
    onDidChangeState: new Emitter<never>().event,
    onNotification: () => new Emitter<unknown>().event,
    request: async () => ({
      ...fleetOf(
        hosts.map(host => {
          const fields = typeof host === "string" ? { name: host } : host;
          return hostOf({ hostname: `${fields.name}.test`, sshUser: "root", root, ...fields });
        }),
      ),
      entryPoints: [{ path: `${root}/flake.nix`, kind: "flake", complete: true, why: [] }],
    }),
    notify: () => undefined,
    start: async () => undefined,
    restart: async () => undefined,
  };
  const store = new FleetStore(server, SILENT_LOG);
  await store.refresh();
  const never = new Emitter<never>().event;
  let settings: Readonly<Record<string, unknown>> = {};
  const app: DeployApp = {
    log: SILENT_LOG,
    ui: scriptedUi().ui,
    config: {
      read: () => parseConfig(key => settings[key] ?? (key === "deploy.tool" ? "direct" : undefined)),
      onDidChange: never,
    },
    ports: { processes: new NodeProcesses(systemClock), files: nodeFiles, clock: systemClock, ssh: noSsh },
    workspace: { trusted: true, folders: [], onDidChange: never, setContext: () => undefined },
    state: {
      fleet: store,
      observed: new ObservedStore(),
      deployments: new RunningDeployments(),
      ledger: new Ledger(nodeFiles, path.join(folder, "ledger.jsonl")),
      open: new OpenDeployments(nodeFiles, path.join(folder, "open")),
    },
  };
  return {
    app,
    async run(action, names, details = {}) {
      settings = details.settings ?? {};
      const { terminals } = details;
      const used = terminals === undefined ? app : { ...app, ports: { ...app.ports, terminals } };
      const plan = await prepare(used, { action, hosts: names, tool: undefined });
      const signal = details.signal ?? new AbortController().signal;
      return execute(used, plan, details.onEvent ?? (() => undefined), signal, details.hooks);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
