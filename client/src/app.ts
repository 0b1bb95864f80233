// What every feature is given: one plain object, built by activation. No feature reaches anything that is not in here.

import type { Commands } from "./commands";
import type { ConfigReader } from "./config";
import type { Clock } from "./ports/clock";
import type { Documents } from "./ports/documents";
import type { Files } from "./ports/files";
import type { Http } from "./ports/http";
import type { Log } from "./ports/log";
import type { ProcessRunner } from "./ports/process";
import type { Server } from "./ports/server";
import type { SshPort } from "./ports/ssh/sshPort";
import type { Storage } from "./ports/storage";
import type { TerminalRunner } from "./ports/terminalRunner";
import type { Ui } from "./ports/ui";
import type { Workspace } from "./ports/workspace";
import type { FleetStore } from "./state/fleetStore";
import type { Ledger } from "./state/ledger";
import type { ObservedStore } from "./state/observedStore";
import type { OpenDeployments } from "./state/openDeployments";
import type { RunningDeployments } from "./state/runningDeployments";
import type { ServerFacts } from "./state/serverFacts";

export interface App {
  /** The extension's own version, for reports. */
  readonly version: string;
  readonly log: Log;
  readonly config: ConfigReader;
  readonly commands: Commands;
  readonly server: Server;
  /** What hosts and real Nix said, on its way to the server. */
  readonly serverFacts: ServerFacts;
  readonly ui: Ui;
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly http: Http;
  readonly storage: Storage;
  readonly ports: Ports;
  readonly state: State;
}

export interface Ports {
  readonly processes: ProcessRunner;
  readonly files: Files;
  readonly clock: Clock;
  readonly ssh: SshPort;
  /** Absent where there are no terminals. */
  readonly terminals?: TerminalRunner;
}

/** What features share instead of importing each other. */
export interface State {
  readonly fleet: FleetStore;
  readonly observed: ObservedStore;
  readonly deployments: RunningDeployments;
  readonly ledger: Ledger;
  readonly open: OpenDeployments;
}
