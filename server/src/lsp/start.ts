// Wires one connection to one session: every message goes through the error boundary to its handler.

import {
  CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from "vscode-languageserver/node";
import type { AnalysisHost } from "../core/analysis";
import { FLEET_CHANGED, FLEET_REQUEST } from "../protocol";
import { guardNotification, guardRequest, logCrash } from "./boundary";
import { clientAbilities } from "./clientAbilities";
import { uriOfPath } from "./conversions";
import { codeAction } from "./handlers/codeAction";
import { didChange } from "./handlers/didChange";
import { didChangeConfiguration } from "./handlers/didChangeConfiguration";
import { didChangeWatchedFiles } from "./handlers/didChangeWatchedFiles";
import { didChangeWorkspaceFolders } from "./handlers/didChangeWorkspaceFolders";
import { didClose } from "./handlers/didClose";
import { didOpen } from "./handlers/didOpen";
import { fleet } from "./handlers/fleet";
import { initialize, initialRoots, parseInitializationOptions } from "./handlers/initialize";
import { type ClientPort, Session } from "./session";

export interface ServerParts {
  readonly version: string;
  /** Loads the grammar and makes the analysis; called once, when the client says hello. */
  readonly createHost: () => Promise<AnalysisHost>;
}

/** Serves one client over a connection; returns at once and ends with the connection. */
export function startServer(connection: Connection, parts: ServerParts): void {
  const client = clientPort(connection);
  connection.onInitialize(async params => {
    const session = await createSession(params, client, parts);
    listen(connection, session);
    connection.onInitialized(() => void greet(connection, session, initialRoots(params)));
    return initialize(parts.version);
  });
  connection.listen();
}

async function createSession(
  params: InitializeParams,
  client: ClientPort,
  parts: ServerParts,
): Promise<Session> {
  const options = parseInitializationOptions(params.initializationOptions);
  return new Session({
    host: await parts.createHost(),
    client,
    abilities: clientAbilities(params.capabilities),
    otherNixExtension: options.otherNixExtension,
    quietPeriodMs: options.quietPeriodMs,
  });
}

function clientPort(connection: Connection): ClientPort {
  const line = (event: string, details: object) => `${event} ${JSON.stringify(details)}`;
  return {
    publish: (path, version, diagnostics) => {
      const params = { uri: uriOfPath(path), diagnostics };
      void connection.sendDiagnostics(version === undefined ? params : { ...params, version });
    },
    fleetChanged: () => void connection.sendNotification(FLEET_CHANGED),
    info: (event, details) => connection.console.info(line(event, details)),
    error: (event, details) => connection.console.error(line(event, details)),
  };
}

function listen(connection: Connection, session: Session): void {
  const { client } = session;
  connection.onDidOpenTextDocument(guardNotification("didOpen", client, p => didOpen(session, p)));
  connection.onDidChangeTextDocument(guardNotification("didChange", client, p => didChange(session, p)));
  connection.onDidCloseTextDocument(guardNotification("didClose", client, p => didClose(session, p)));
  connection.onDidChangeWatchedFiles(
    guardNotification("didChangeWatchedFiles", client, p => didChangeWatchedFiles(session, p)),
  );
  connection.onDidChangeConfiguration(({ settings }) => void configure(connection, session, settings));
  connection.onCodeAction(guardRequest("codeAction", client, p => codeAction(session, p)));
  const answerFleet = guardRequest("fleet", client, () => fleet(session));
  // a request without parameters reaches its handler with the token alone
  connection.onRequest(FLEET_REQUEST, (...given: CancellationToken[]) =>
    answerFleet(undefined, given.at(-1) ?? CancellationToken.None),
  );
  connection.onShutdown(() => session.dispose());
}

/** After the handshake: ask for what the client can give, then load the folders. */
async function greet(connection: Connection, session: Session, roots: readonly string[]): Promise<void> {
  try {
    for (const root of roots) session.disk.addRoot(root);
    if (session.abilities.workspaceFolders)
      connection.workspace.onDidChangeWorkspaceFolders(
        guardNotification("didChangeWorkspaceFolders", session.client, event =>
          didChangeWorkspaceFolders(session, event),
        ),
      );
    if (session.abilities.dynamicWatchers)
      await connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: "**/*" }],
      });
    if (session.abilities.configuration)
      await connection.client.register(DidChangeConfigurationNotification.type, { section: "nixDeploy" });
    await configure(connection, session, undefined);
  } catch (error) {
    logCrash(session.client, "initialized", error);
  }
}

/** Takes the settings that came along, or asks for them where the client wants to be asked. */
async function configure(connection: Connection, session: Session, pushed: unknown): Promise<void> {
  try {
    if (session.abilities.configuration)
      didChangeConfiguration(session, await connection.workspace.getConfiguration("nixDeploy"));
    else if (typeof pushed === "object" && pushed !== null && "nixDeploy" in pushed)
      didChangeConfiguration(session, pushed.nixDeploy);
  } catch (error) {
    logCrash(session.client, "didChangeConfiguration", error);
  }
}
