// Wires one connection to one session: every message goes through the error boundary to its handler.

import {
  CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  InlayHintRefreshRequest,
} from "vscode-languageserver/node";
import type { AnalysisHost } from "../core/analysis";
import { EDIT_REQUEST, FLEET_CHANGED, FLEET_REQUEST, SET_FACTS } from "../protocol";
import { guardNotification, guardRequest, logCrash } from "./boundary";
import { type ClientAbilities, clientAbilities } from "./clientAbilities";
import { uriOfPath } from "./conversions";
import { codeAction } from "./handlers/codeAction";
import { codeLens } from "./handlers/codeLens";
import { completion } from "./handlers/completion";
import { definition } from "./handlers/definition";
import { didChange } from "./handlers/didChange";
import { didChangeConfiguration } from "./handlers/didChangeConfiguration";
import { didChangeWatchedFiles } from "./handlers/didChangeWatchedFiles";
import { didChangeWorkspaceFolders } from "./handlers/didChangeWorkspaceFolders";
import { didClose } from "./handlers/didClose";
import { didOpen } from "./handlers/didOpen";
import { documentLink } from "./handlers/documentLink";
import { documentSymbol } from "./handlers/documentSymbol";
import { edit } from "./handlers/edit";
import { fleet } from "./handlers/fleet";
import { hover } from "./handlers/hover";
import { initialize, initialRoots, parseInitializationOptions } from "./handlers/initialize";
import { inlayHint } from "./handlers/inlayHint";
import { references } from "./handlers/references";
import { setFacts } from "./handlers/setFacts";
import { workspaceSymbol } from "./handlers/workspaceSymbol";
import { type ClientPort, Session } from "./session";

export interface ServerParts {
  readonly version: string;
  /** Loads the grammar and makes the analysis; called once, when the client says hello. */
  readonly createHost: () => Promise<AnalysisHost>;
}

/** Serves one client over a connection; returns at once and ends with the connection. */
export function startServer(connection: Connection, parts: ServerParts): void {
  connection.onInitialize(async params => {
    const abilities = clientAbilities(params.capabilities);
    const session = await createSession(params, clientPort(connection, abilities), abilities, parts);
    listen(connection, session);
    answer(connection, session);
    connection.onInitialized(() => void greet(connection, session, initialRoots(params)));
    return initialize(parts.version);
  });
  connection.listen();
}

async function createSession(
  params: InitializeParams,
  client: ClientPort,
  abilities: ClientAbilities,
  parts: ServerParts,
): Promise<Session> {
  const options = parseInitializationOptions(params.initializationOptions);
  return new Session({
    host: await parts.createHost(),
    client,
    abilities,
    otherNixExtension: options.otherNixExtension,
    quietPeriodMs: options.quietPeriodMs,
  });
}

function clientPort(connection: Connection, abilities: ClientAbilities): ClientPort {
  const line = (event: string, details: object) => `${event} ${JSON.stringify(details)}`;
  // what cannot be sent cannot be logged to the client either
  const send = (sent: Promise<unknown>) =>
    void sent.catch((error: unknown) =>
      process.stderr.write(`${line("not sent", { error: String(error) })}\n`),
    );
  const refreshLenses = () => {
    if (abilities.refreshLenses) send(connection.sendRequest(CodeLensRefreshRequest.type));
  };
  return {
    publish: (path, version, diagnostics) => {
      const params = { uri: uriOfPath(path), diagnostics };
      send(connection.sendDiagnostics(version === undefined ? params : { ...params, version }));
    },
    fleetChanged: () => {
      send(connection.sendNotification(FLEET_CHANGED));
      // lenses and hints speak of hosts: editors ask for them anew only when told to
      refreshLenses();
      if (abilities.refreshHints) send(connection.sendRequest(InlayHintRefreshRequest.type));
    },
    lensesChanged: refreshLenses,
    info: (event, details) => connection.console.info(line(event, details)),
    error: (event, details) => connection.console.error(line(event, details)),
  };
}

function listen(connection: Connection, session: Session): void {
  const { client } = session;
  const notified = <P>(method: string, handler: (session: Session, params: P) => void) =>
    guardNotification(method, client, (params: P) => handler(session, params));
  connection.onDidOpenTextDocument(notified("didOpen", didOpen));
  connection.onDidChangeTextDocument(notified("didChange", didChange));
  connection.onDidCloseTextDocument(notified("didClose", didClose));
  connection.onDidChangeWatchedFiles(notified("didChangeWatchedFiles", didChangeWatchedFiles));
  connection.onDidChangeConfiguration(({ settings }) => void configure(connection, session, settings));
  connection.onNotification(SET_FACTS, notified("setFacts", setFacts));
  connection.onShutdown(() => session.dispose());
}

function answer(connection: Connection, session: Session): void {
  const asked = <P, R>(
    method: string,
    handler: (session: Session, params: P, signal: AbortSignal) => R | Promise<R>,
  ) => guardRequest(method, session.client, (params: P, signal) => handler(session, params, signal));
  connection.onCodeAction(asked("codeAction", codeAction));
  connection.onHover(asked("hover", hover));
  connection.onCompletion(asked("completion", completion));
  connection.onDefinition(asked("definition", definition));
  connection.onReferences(asked("references", references));
  connection.onDocumentSymbol(asked("documentSymbol", documentSymbol));
  connection.onWorkspaceSymbol(asked("workspaceSymbol", workspaceSymbol));
  connection.onCodeLens(asked("codeLens", codeLens));
  connection.languages.inlayHint.on(asked("inlayHint", inlayHint));
  connection.onDocumentLinks(asked("documentLink", documentLink));
  connection.onRequest(EDIT_REQUEST, asked("edit", edit));
  const answerFleet = asked("fleet", fleet);
  // a request without parameters reaches its handler with the token alone
  connection.onRequest(FLEET_REQUEST, (...given: CancellationToken[]) =>
    answerFleet(undefined, given.at(-1) ?? CancellationToken.None),
  );
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
