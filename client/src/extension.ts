// Activation: builds App and registers the features. Nothing runs, connects or notifies here; the language server is
// started after activation is over.

import path from "node:path";
import * as vscode from "vscode";
import type { App } from "./app";
import { registerCaches } from "./caches/register";
import type { ConfigReader } from "./config";
import { isDeployAction, planPreview } from "./deploy/planPreview";
import { registerDeploy } from "./deploy/register";
import { DisposableStore } from "./disposableStore";
import { createCommands } from "./editor/commandRegistry";
import { LanguageServer } from "./editor/languageServer";
import { createLogChannel } from "./editor/logChannel";
import { processTerminals } from "./editor/processTerminal";
import { VirtualDocuments } from "./editor/virtualDocuments";
import { vscodeDocuments } from "./editor/vscodeDocuments";
import { createUi } from "./editor/vscodeUi";
import { createConfigReader, createStorage, createWorkspace } from "./editor/vscodeWorkspace";
import { registerEvaluate } from "./evaluate/register";
import { registerHistory } from "./history/register";
import { registerHosts } from "./hosts/register";
import { registerKeys } from "./keys/register";
import { t, useTranslator } from "./l10n";
import { type LanguageModelApp, registerLanguageModel } from "./languageModel/register";
import { registerLanguageServer } from "./languageServer/register";
import { systemClock } from "./ports/clock";
import { nodeFiles } from "./ports/files";
import { nodeHttp } from "./ports/http";
import { NodeProcesses } from "./ports/nodeProcesses";
import { createSshPort } from "./ports/ssh/sshPort";
import type { Ui } from "./ports/ui";
import { registerPush } from "./push/register";
import { registerStaging } from "./staging/register";
import { FleetStore } from "./state/fleetStore";
import { Ledger, type SharedLedgers, sharedLedgerPath } from "./state/ledger";
import { ObservedStore } from "./state/observedStore";
import { OpenDeployments } from "./state/openDeployments";
import { RunningDeployments } from "./state/runningDeployments";
import { ServerFacts } from "./state/serverFacts";
import { registerSupport } from "./support/register";
import { registerTracking } from "./tracking/register";
import { registerWorkflow } from "./workflow/register";

const FEATURES = [
  registerLanguageServer,
  registerHosts,
  registerCaches,
  registerHistory,
  registerDeploy,
  registerKeys,
  registerStaging,
  registerPush,
  registerWorkflow,
  registerTracking,
  registerEvaluate,
  registerSupport,
];

export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  useTranslator((message, ...args) => vscode.l10n.t(message, ...args));
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const app = createApp(context, store);
  for (const register of FEATURES) store.add(register(app));
  store.add(registerLanguageModel(knowledgeOf(app, context.asAbsolutePath(path.join("docs", "rules")))));
  app.log.info("activated", { milliseconds: Math.round(performance.now() - started) });
}

/** What language models may be told about, and nothing that acts. */
function knowledgeOf({ state, ports, config }: App, rulePages: string): LanguageModelApp {
  const { fleet, observed, ledger } = state;
  const plan: LanguageModelApp["plan"] = ({ action, hosts }) => {
    if (fleet.snapshot === undefined || !isDeployAction(action)) return "";
    return planPreview(fleet.snapshot, config.read(), { action, hosts });
  };
  return { state: { fleet, observed, ledger }, ports: { clock: ports.clock }, rulePages, plan };
}

function createApp(context: vscode.ExtensionContext, store: DisposableStore): App {
  const { log, channel } = store.add(createLogChannel());
  const module = context.asAbsolutePath(path.join("server", "dist", "main.js"));
  const server = store.add(new LanguageServer({ module, log, channel }));
  const ui = createUi(store.add(new VirtualDocuments()));
  const workspace = createWorkspace(store);
  const storage = createStorage(context, store);
  const config = createConfigReader(store);
  const ssh = createSshPort({
    settings: () => config.read().ssh,
    askPassphrase: file => askPassphrase(ui, file),
  });
  const observed = store.add(new ObservedStore());
  const fleet = store.add(new FleetStore(server, log));
  const version: unknown = context.extension.packageJSON.version;
  return {
    version: String(version),
    log,
    config,
    commands: createCommands({ log, ui, workspace }),
    server,
    serverFacts: store.add(new ServerFacts(server, observed, systemClock)),
    ui,
    workspace,
    documents: vscodeDocuments,
    http: nodeHttp,
    storage,
    ports: {
      processes: store.add(new NodeProcesses(systemClock)),
      files: nodeFiles,
      clock: systemClock,
      ssh,
      terminals: processTerminals,
    },
    state: {
      fleet,
      observed,
      deployments: store.add(new RunningDeployments()),
      ledger: store.add(
        new Ledger(nodeFiles, path.join(storage.folder, "ledger.jsonl"), sharedLedgers(fleet, config)),
      ),
      open: store.add(new OpenDeployments(nodeFiles, path.join(storage.folder, "open"))),
    },
  };
}

function sharedLedgers(fleet: FleetStore, config: ConfigReader): SharedLedgers {
  const of = (root: string) => sharedLedgerPath(root, config.read().deploy.historyFile);
  return { of, all: () => fleet.hosts.flatMap(({ root }) => of(root) ?? []) };
}

/** The answer stays in the memory of the SSH port until the window is closed. */
function askPassphrase(ui: Ui, keyFile: string): Promise<string | undefined> {
  const prompt = t("It is kept in memory until this window is closed, and never written anywhere.");
  return ui.input({ title: t("Passphrase for {0}", keyFile), prompt, password: true });
}
