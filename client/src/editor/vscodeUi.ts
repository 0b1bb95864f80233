// The Ui port on VS Code's windows, messages and pickers.

import { homedir } from "node:os";
import * as vscode from "vscode";
import { t } from "../l10n";
import type {
  Confirmation,
  FolderOptions,
  InputOptions,
  PickItem,
  PickOptions,
  Progress,
  SaveOptions,
  TerminalOptions,
  Ui,
} from "../ports/ui";
import { confirmChanges } from "./confirmChanges";
import { toRange } from "./ranges";
import { signalOf } from "./signals";
import type { VirtualDocuments } from "./virtualDocuments";

export function createUi(documents: VirtualDocuments): Ui {
  return {
    showError: async (message, ...buttons) => vscode.window.showErrorMessage(message, ...buttons),
    showWarning: async (message, ...buttons) => vscode.window.showWarningMessage(message, ...buttons),
    showInfo: async (message, ...buttons) => vscode.window.showInformationMessage(message, ...buttons),
    confirm: question => confirm(documents, question),
    confirmChanges: question => confirmChanges(documents, question),
    input,
    pickOne,
    pickMany,
    pickFolder,
    pickSaveFile,
    withProgress,
    openTerminal,
    async showText(document) {
      const text = await vscode.workspace.openTextDocument(documents.put(document));
      await vscode.window.showTextDocument(text, { preview: false });
    },
    async openFile(path, range) {
      const options = range === undefined || range === null ? {} : { selection: toRange(range) };
      await vscode.window.showTextDocument(vscode.Uri.file(path), options);
    },
    async openSetting(key) {
      await vscode.commands.executeCommand("workbench.action.openSettings", `@id:${key}`);
    },
    copy: async text => vscode.env.clipboard.writeText(text),
  };
}

async function confirm(documents: VirtualDocuments, question: Confirmation): Promise<boolean> {
  const { message, detail, verb, details } = question;
  const modal = { modal: true, detail };
  if (details === undefined) return (await vscode.window.showWarningMessage(message, modal, verb)) === verb;
  const text = await vscode.workspace.openTextDocument(documents.put(details.document));
  const shown = await vscode.window.showTextDocument(text, { preview: true, preserveFocus: true });
  const answer = await vscode.window.showWarningMessage(message, modal, verb, details.title);
  if (answer !== details.title) return answer === verb;
  // a modal question would keep the document from being read
  await vscode.window.showTextDocument(text, {
    preview: true,
    viewColumn: shown.viewColumn ?? vscode.ViewColumn.Active,
  });
  // a notification would vanish while the user reads; this stays
  const options = { title: message, placeHolder: t("Read the review, then decide"), ignoreFocusOut: true };
  return (await vscode.window.showQuickPick([verb, t("Cancel")], options)) === verb;
}

async function input(options: InputOptions): Promise<string | undefined> {
  const { title, prompt, value, placeholder, password } = options;
  return vscode.window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    validateInput: text => options.validate?.(text),
    ...(value === undefined ? {} : { value }),
    ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
    ...(password === undefined ? {} : { password }),
  });
}

interface Row<T> extends vscode.QuickPickItem {
  /** Absent on headings. */
  readonly item?: PickItem<T>;
}

function rowsOf<T>(items: readonly PickItem<T>[]): Row<T>[] {
  return items.flatMap(item => {
    const row: Row<T> = {
      item,
      label: item.label,
      ...(item.description === undefined ? {} : { description: item.description }),
      ...(item.detail === undefined ? {} : { detail: item.detail }),
      ...(item.picked === undefined ? {} : { picked: item.picked }),
    };
    return item.heading === undefined
      ? [row]
      : [{ label: item.heading, kind: vscode.QuickPickItemKind.Separator }, row];
  });
}

function pickOptions(options: PickOptions): vscode.QuickPickOptions {
  const { title, placeholder } = options;
  const shared = { title, ignoreFocusOut: true, matchOnDescription: true, matchOnDetail: true };
  return placeholder === undefined ? shared : { ...shared, placeHolder: placeholder };
}

async function pickOne<T>(items: readonly PickItem<T>[], options: PickOptions): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(rowsOf(items), pickOptions(options)))?.item?.value;
}

async function pickMany<T>(
  items: readonly PickItem<T>[],
  options: PickOptions,
): Promise<readonly T[] | undefined> {
  const rows = await vscode.window.showQuickPick(rowsOf(items), {
    ...pickOptions(options),
    canPickMany: true,
  });
  const values = rows?.flatMap(row => (row.item === undefined ? [] : [row.item.value])) ?? [];
  return values.length === 0 ? undefined : values;
}

async function pickFolder(options: FolderOptions): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: options.title,
    openLabel: options.openLabel,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    ...(options.defaultPath === undefined ? {} : { defaultUri: vscode.Uri.file(options.defaultPath) }),
  });
  return picked?.[0]?.fsPath;
}

async function pickSaveFile({ title, name }: SaveOptions): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const picked = await vscode.window.showSaveDialog({ title, defaultUri: vscode.Uri.joinPath(folder, name) });
  return picked?.fsPath;
}

async function withProgress<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (bar, token) => {
    const cancellation = signalOf(token);
    const report = (message: string, increment?: number) =>
      bar.report(increment === undefined ? { message } : { message, increment });
    try {
      return await work({ report, signal: cancellation.signal });
    } finally {
      cancellation.dispose();
    }
  });
}

function openTerminal(options: TerminalOptions): void {
  const { name, command, args, cwd, env } = options;
  const terminal = vscode.window.createTerminal({
    name,
    shellPath: command,
    shellArgs: [...args],
    iconPath: new vscode.ThemeIcon("terminal"),
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
  });
  terminal.show();
}
