// Every command: its id, what its arguments are read into, and whether it waits for workspace trust. The features own the
// implementations; errors are shown at one boundary, around a command
// (`runCommand`) and around what its buttons begin later (`afterCommand`). test/manifest.test.ts compares this table
// with package.json.

import { fileURLToPath } from "node:url";
import { t } from "./l10n";
import type { Log } from "./ports/log";
import type { Ui } from "./ports/ui";
import { redact } from "./redact";
import { type GenerationOrHost, subjectsOf } from "./subject";
import { fileErrorText } from "./systemError";
import { CancelledError, type ErrorAction, NothingToDo, UserError } from "./userError";

/** Host names from a tree, a lens or a key binding; undefined means that the command asks. */
function hosts(raw: readonly unknown[]): readonly string[] | undefined {
  const names = subjectsOf(raw).flatMap(subject => (subject.kind === "host" ? [subject.name] : []));
  return names.length === 0 ? undefined : names;
}

/** Generations of hosts, or hosts of which the command asks for generations; undefined means that it asks for both. */
function generations(raw: readonly unknown[]): readonly GenerationOrHost[] | undefined {
  const found = subjectsOf(raw).filter(
    (subject): subject is GenerationOrHost => subject.kind === "generation" || subject.kind === "host",
  );
  return found.length === 0 ? undefined : found;
}

/** The cache or key of a row; undefined means that the command asks. */
function cache(raw: readonly unknown[]): string | undefined {
  return subjectsOf(raw).find(subject => subject.kind === "cache")?.url;
}

function key(raw: readonly unknown[]): string | undefined {
  return subjectsOf(raw).find(subject => subject.kind === "key")?.publicKey;
}

/** The id of a row of the history; undefined means that the command asks. */
function deployment(raw: readonly unknown[]): string | undefined {
  return subjectsOf(raw).find(subject => subject.kind === "deployment")?.id;
}

/** The file of a URI, as the language server names one in a fix; undefined means the one in the editor. */
function file([uri]: readonly unknown[]): string | undefined {
  return typeof uri === "string" && uri.startsWith("file:///") ? fileURLToPath(uri) : undefined;
}

function nothing(): undefined {
  return undefined;
}

interface CommandRow<Argument> {
  readonly parse: (raw: readonly unknown[]) => Argument;
  /** Runs processes or connects somewhere, so it is refused in an untrusted workspace. */
  readonly needsTrust: boolean;
}

const COMMANDS = {
  "nixDeploy.deploy": { parse: hosts, needsTrust: true },
  "nixDeploy.review": { parse: hosts, needsTrust: true },
  "nixDeploy.build": { parse: hosts, needsTrust: true },
  "nixDeploy.dryActivate": { parse: hosts, needsTrust: true },
  "nixDeploy.boot": { parse: hosts, needsTrust: true },
  "nixDeploy.rollback": { parse: hosts, needsTrust: true },
  "nixDeploy.copyCommand": { parse: hosts, needsTrust: true },
  "nixDeploy.copyClosure": { parse: hosts, needsTrust: true },
  "nixDeploy.preflight": { parse: hosts, needsTrust: true },
  "nixDeploy.showDeployment": { parse: deployment, needsTrust: false },
  "nixDeploy.exportHistory": { parse: nothing, needsTrust: false },
  "nixDeploy.settleDeployments": { parse: nothing, needsTrust: true },
  "nixDeploy.generateCacheKey": { parse: nothing, needsTrust: true },
  "nixDeploy.generateSshKey": { parse: nothing, needsTrust: true },
  "nixDeploy.showPublicKey": { parse: key, needsTrust: true },
  "nixDeploy.rotateCacheKey": { parse: key, needsTrust: true },
  "nixDeploy.setUpStagingCache": { parse: nothing, needsTrust: true },
  "nixDeploy.addCache": { parse: nothing, needsTrust: true },
  "nixDeploy.testCache": { parse: cache, needsTrust: true },
  "nixDeploy.pushToCache": { parse: nothing, needsTrust: true },
  "nixDeploy.services": { parse: nothing, needsTrust: true },
  "nixDeploy.generateWorkflow": { parse: nothing, needsTrust: true },
  "nixDeploy.forecastBuild": { parse: hosts, needsTrust: true },
  "nixDeploy.trackFile": { parse: file, needsTrust: true },
  "nixDeploy.evaluate": { parse: hosts, needsTrust: true },
  "nixDeploy.refreshHosts": { parse: nothing, needsTrust: false },
  "nixDeploy.filterHosts": { parse: nothing, needsTrust: false },
  "nixDeploy.clearHostFilter": { parse: nothing, needsTrust: false },
  "nixDeploy.arrangeHosts": { parse: nothing, needsTrust: false },
  "nixDeploy.probeHost": { parse: hosts, needsTrust: true },
  "nixDeploy.acceptHostKey": { parse: hosts, needsTrust: true },
  "nixDeploy.openTerminal": { parse: hosts, needsTrust: true },
  "nixDeploy.copyAddress": { parse: hosts, needsTrust: false },
  "nixDeploy.copySshCommand": { parse: hosts, needsTrust: false },
  "nixDeploy.revealHost": { parse: hosts, needsTrust: false },
  "nixDeploy.compareGenerations": { parse: generations, needsTrust: true },
  "nixDeploy.switchGeneration": { parse: generations, needsTrust: true },
  "nixDeploy.doctor": { parse: nothing, needsTrust: false },
  "nixDeploy.restartServer": { parse: nothing, needsTrust: false },
  "nixDeploy.showLog": { parse: nothing, needsTrust: false },
} satisfies Record<string, CommandRow<unknown>>;

export type CommandId = keyof typeof COMMANDS;
export type CommandArgument<Id extends CommandId> = ReturnType<(typeof COMMANDS)[Id]["parse"]>;
export type CommandHandler<Id extends CommandId> = (argument: CommandArgument<Id>) => Promise<void>;

export const COMMAND_IDS: readonly CommandId[] = Object.keys(COMMANDS).filter(isCommandId);

function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}

/** What the boundary needs. */
export interface CommandBoundary {
  readonly log: Log;
  readonly ui: Ui;
  readonly workspace: { readonly trusted: boolean };
  /** Runs an action's button. */
  act(action: ErrorAction): Promise<void>;
}

/** Runs one command with the raw arguments it was called with. Never rejects: whatever happens is shown and logged here. */
export async function runCommand<Id extends CommandId>(
  boundary: CommandBoundary,
  id: Id,
  handler: CommandHandler<Id>,
  raw: readonly unknown[],
): Promise<void> {
  const row: CommandRow<unknown> = COMMANDS[id];
  boundary.log.info("command", { id });
  try {
    if (row.needsTrust && !boundary.workspace.trusted) throw untrusted();
    // the table ties each id to the parser whose result its handler takes
    await handler(row.parse(raw) as CommandArgument<Id>);
  } catch (error) {
    await showCommandError(boundary, id, error);
  }
}

function untrusted(): UserError {
  return new UserError(
    t("This workspace is not trusted, so nothing in it is run and no host is contacted."),
    {
      title: t("Manage Trust"),
      run: { kind: "trust" },
    },
  );
}

/** Runs what begins only when its command has ended, such as the button of a message: no boundary is above it but this. */
export function afterCommand(
  app: Pick<CommandBoundary, "log" | "ui">,
  what: string,
  work: () => Promise<void>,
): void {
  void work().catch((error: unknown) => showCommandError(app, what, error));
}

/** Without `act` an error has no button. */
type Showing = Pick<CommandBoundary, "log" | "ui"> & Partial<Pick<CommandBoundary, "act">>;

/** Shows an error that reached a boundary. Resolves at once: a message that nobody answers must not hold a command. */
async function showCommandError(boundary: Showing, what: string, error: unknown): Promise<void> {
  if (error instanceof CancelledError) {
    boundary.log.debug("command cancelled", { what });
    return;
  }
  if (error instanceof NothingToDo) {
    boundary.log.info("nothing to do", { what, message: error.message });
    void boundary.ui.showInfo(error.message);
    return;
  }
  if (error instanceof UserError) {
    boundary.log.warn("command refused", { what, message: error.message });
    void offer(boundary, error.message, error.action);
    return;
  }
  boundary.log.error("command failed", { what, error });
  const refused = fileErrorText(error);
  const message = error instanceof Error ? error.message : String(error);
  const shown = refused ?? t("Nix Deploy: an internal error: {0}", redact(message));
  void offer(boundary, shown, SHOW_LOG());
}

const SHOW_LOG = (): ErrorAction => ({
  title: t("Show Log"),
  run: { kind: "command", id: "nixDeploy.showLog" },
});

async function offer(
  { log, ui, act }: Showing,
  message: string,
  action: ErrorAction | undefined,
): Promise<void> {
  const offered = act === undefined ? undefined : action;
  const answer = await ui.showError(message, ...(offered === undefined ? [] : [offered.title]));
  if (act === undefined || offered === undefined || answer !== offered.title) return;
  try {
    await act(offered);
  } catch (error) {
    log.error("action failed", { action: offered.title, error });
  }
}

/** How features put their commands in and call others. */
export interface Commands {
  /** Implements a command; dispose to withdraw it. */
  register<Id extends CommandId>(id: Id, handler: CommandHandler<Id>): { dispose(): void };
  /** Runs a command as if the user had; arguments go through the same reading. */
  execute(id: CommandId, ...raw: readonly unknown[]): Promise<void>;
}
