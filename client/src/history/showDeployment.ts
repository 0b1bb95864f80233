// One past deployment: everything that is known of it, its log, what it changed, and the way back to before it.

import type { App } from "../app";
import { t } from "../l10n";
import type { PickItem, TextDocumentContent } from "../ports/ui";
import { formatTime } from "../state/amounts";
import { findLog } from "../state/deploymentLogs";
import { type LedgerEntry, totalSeconds } from "../state/ledger";
import { NothingToDo, orCancel, UserError } from "../userError";
import { formatSeconds, outcomeOf } from "./historyTree";

export type HistoryApp = Pick<App, "commands" | "ui" | "config"> & {
  readonly ports: Pick<App["ports"], "files" | "clock">;
  readonly state: Pick<App["state"], "ledger" | "observed">;
};

const LISTED = 200;

type Act = "details" | "log" | "compare" | "back";

/** Asks for the deployment unless `id` names it, then for what to do. */
export async function showDeployment(app: HistoryApp, id: string | undefined): Promise<void> {
  const { entries } = await app.state.ledger.load();
  const entry = id === undefined ? await pickEntry(app, entries) : entries.find(each => each.id === id);
  if (entry === undefined) throw new UserError(t("This deployment is no longer in the history."));
  const log = await findLog(app.state.ledger.path, entry.run, entry.host);
  const hasLog = log !== undefined && (await app.ports.files.kind(log)) === "file";
  const title = `${entry.host}: ${outcomeOf(entry)}`;
  const act = orCancel(await app.ui.pickOne(actsOf(entry, hasLog), { title, placeholder: entry.why }));
  switch (act) {
    case "details":
      return app.ui.showText(deploymentDocument(entry, hasLog ? log : undefined));
    case "log":
      return log === undefined ? undefined : app.ui.openFile(log);
    case "compare":
      return compare(app, entry);
    case "back":
      return rollBack(app, entry);
  }
}

async function pickEntry(app: HistoryApp, entries: readonly LedgerEntry[]): Promise<LedgerEntry> {
  if (entries.length === 0) throw new NothingToDo(t("Nothing was deployed from here yet."));
  const items = entries.slice(0, LISTED).map(entry => ({
    value: entry,
    label: entry.host,
    description: [outcomeOf(entry), formatTime(Date.parse(entry.at)), entry.who].join(" · "),
  }));
  return orCancel(await app.ui.pickOne(items, { title: t("Show Deployment") }));
}

function actsOf(entry: LedgerEntry, hasLog: boolean): readonly PickItem<Act>[] {
  const { previousSystem, newSystem } = entry;
  const changed = previousSystem !== null && newSystem !== null && previousSystem !== newSystem;
  const log: PickItem<Act> = { value: "log", label: `$(output) ${t("Open Log")}` };
  const compared: PickItem<Act> = {
    value: "compare",
    label: `$(diff) ${t("Compare with Before")}`,
    description: t("packages that changed"),
  };
  const back: PickItem<Act> = {
    value: "back",
    label: `$(discard) ${t("Roll Back to Before")}`,
    description: previousSystem === null ? "" : storeName(previousSystem),
  };
  return [
    { value: "details", label: `$(info) ${t("Show Details")}` },
    ...(hasLog ? [log] : []),
    ...(changed ? [compared] : []),
    ...(previousSystem === null ? [] : [back]),
  ];
}

/** Both systems are compared by the host that has them. */
async function compare(app: HistoryApp, entry: LedgerEntry): Promise<void> {
  const [before, after] = [
    await generationOf(app, entry.host, entry.previousSystem),
    await generationOf(app, entry.host, entry.newSystem),
  ];
  const rows = [before, after].map(number => ({ subject: { kind: "generation", host: entry.host, number } }));
  await app.commands.execute("nixDeploy.compareGenerations", rows[0], rows);
}

/** The command asks by itself before it changes anything. */
async function rollBack(app: HistoryApp, entry: LedgerEntry): Promise<void> {
  const number = await generationOf(app, entry.host, entry.previousSystem);
  await app.commands.execute("nixDeploy.switchGeneration", {
    subject: { kind: "generation", host: entry.host, number },
  });
}

/** The newest generation that is this system; the host is asked, because it may have removed it. */
async function generationOf(app: HistoryApp, host: string, system: string | null): Promise<number> {
  const find = () =>
    app.state.observed.get(host)?.told?.facts.generations.find(({ storePath }) => storePath === system);
  if (find() === undefined) await app.commands.execute("nixDeploy.probeHost", { hosts: [host] });
  const generation = find();
  if (generation !== undefined) return generation.number;
  const answer = app.state.observed.get(host)?.answer;
  if (answer?.kind === "failed") throw new UserError(t("{0} can't be asked: {1}", host, answer.why));
  throw new UserError(
    t(
      "{0} has no generation any more that is {1}.",
      host,
      system === null ? t("that system") : storeName(system),
    ),
  );
}

/** Everything the history knows. */
export function deploymentDocument(entry: LedgerEntry, log: string | undefined): TextDocumentContent {
  const row = (label: string, value: string | null | undefined): string[] =>
    value === null || value === undefined || value === "" ? [] : [`- ${label}: ${plain(value)}`];
  const commit =
    entry.commit === null ? null : entry.commit + (entry.dirty === true ? t(" with changes") : "");
  const widest = Math.max(0, ...entry.phases.map(({ phase }) => phase.length));
  const lines = [
    `# ${plain(entry.host)}: ${outcomeOf(entry)}`,
    "",
    plain(entry.why),
    "",
    ...row(t("When"), formatTime(Date.parse(entry.at)) ?? entry.at),
    ...row(t("By"), entry.who),
    ...row(t("Tool"), entry.tool),
    ...row(t("Folder"), entry.root),
    ...row(t("Commit"), commit),
    ...row(t("Before"), entry.previousSystem),
    ...row(t("After"), entry.newSystem),
    ...row(t("Cancelled"), entry.cancelled ? t("yes") : null),
    ...row(t("Log"), log),
    "",
    `## ${t("Time: {0}", formatSeconds(totalSeconds(entry)))}`,
    "",
    ...entry.phases.map(({ phase, seconds }) => `    ${phase.padEnd(widest)}  ${seconds.toFixed(1)} s`),
  ];
  const name = `deployment-${entry.host.replace(/[^\w.-]/g, "_")}-${entry.at.replace(/[^\dT]/g, "")}.md`;
  return { name, text: `${lines.join("\n").trimEnd()}\n` };
}

function storeName(path: string): string {
  return path.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "");
}

function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
