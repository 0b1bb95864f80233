// The history as a file for other programs: CSV for tables, JSON for everything else.

import type { App } from "../app";
import { afterCommand } from "../commands";
import { t } from "../l10n";
import { type LedgerEntry, totalSeconds } from "../state/ledger";
import { NothingToDo, orCancel } from "../userError";

export async function exportHistory(
  app: Pick<App, "ui" | "log"> & {
    readonly ports: Pick<App["ports"], "files">;
    readonly state: Pick<App["state"], "ledger">;
  },
): Promise<void> {
  const { entries } = await app.state.ledger.load();
  if (entries.length === 0) throw new NothingToDo(t("Nothing was deployed from here yet."));
  const title = t("Export the History");
  const items = [
    { value: "csv", label: "CSV", description: t("a table: one deployment a line") },
    { value: "json", label: "JSON", description: t("everything, with the seconds of each phase") },
  ] as const;
  const format = orCancel(await app.ui.pickOne<"csv" | "json">(items, { title }));
  const file = orCancel(await app.ui.pickSaveFile({ title, name: `nix-deploy-history.${format}` }));
  await app.ports.files.replaceText(file, format === "csv" ? historyCsv(entries) : historyJson(entries));
  const open = t("Open");
  afterCommand(app, "open the export", async () => {
    const message = t("Exported {0} deployments to {1}.", entries.length, file);
    if ((await app.ui.showInfo(message, open)) === open) await app.ui.openFile(file);
  });
}

function historyJson(entries: readonly LedgerEntry[]): string {
  return `${JSON.stringify({ version: 1, deployments: entries }, null, 2)}\n`;
}

const COLUMNS: readonly (readonly [string, (entry: LedgerEntry) => string | number | boolean | null])[] = [
  ["at", entry => entry.at],
  ["who", entry => entry.who],
  ["host", entry => entry.host],
  ["action", entry => entry.action],
  ["tool", entry => entry.tool],
  ["outcome", entry => entry.outcome],
  ["clean", entry => entry.clean],
  ["cancelled", entry => entry.cancelled],
  ["seconds", entry => Math.round(totalSeconds(entry) * 1000) / 1000],
  ["commit", entry => entry.commit],
  ["dirty", entry => entry.dirty],
  ["previousSystem", entry => entry.previousSystem],
  ["newSystem", entry => entry.newSystem],
  ["why", entry => entry.why],
  ["phases", entry => entry.phases.map(({ phase, seconds }) => `${phase}=${seconds}`).join(" ")],
  ["root", entry => entry.root],
  ["run", entry => entry.run],
  ["id", entry => entry.id],
];

/** RFC 4180. */
export function historyCsv(entries: readonly LedgerEntry[]): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...entries.map(entry => COLUMNS.map(([, read]) => cell(read(entry)))),
  ];
  return rows.map(row => `${row.join(",")}\r\n`).join("");
}

/** Spreadsheets run what begins like a formula, and texts come from hosts: such a text gets an apostrophe. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
