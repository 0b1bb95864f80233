// The question before files are changed: all changes in one editor, and the question beside it, which covers none of them
// and stays until it is answered.

import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { t } from "../l10n";
import type { ChangesQuestion } from "../ports/ui";
import type { VirtualDocuments } from "./virtualDocuments";

export async function confirmChanges(
  documents: VirtualDocuments,
  { message, detail, verb, changes }: ChangesQuestion,
): Promise<boolean> {
  const title = t("What Will Change");
  const shown = changes.map(({ path, before, after }) => {
    const name = path.replace(/^\/+/, "");
    const [old, fresh] = [
      documents.put({ name, text: before }, "before"),
      documents.put({ name, text: after }, "after"),
    ];
    return [vscode.Uri.file(path), old, fresh];
  });
  await closeTabs(title);
  await vscode.commands.executeCommand("vscode.changes", title, shown);
  // the command does not wait for its editor, which would take the focus from the question
  await tabOpened(title);
  const items: vscode.QuickPickItem[] = [
    { label: verb, description: detail.split("\n").join("; ") },
    { label: t("Cancel") },
  ];
  const options = { title: message, placeHolder: t("Read the changes, then decide"), ignoreFocusOut: true };
  const picked = await vscode.window.showQuickPick(items, options);
  // what it shows is no news any more, or will not come
  await closeTabs(title);
  return picked === items[0];
}

/** How long an editor may take to open before the question is asked all the same. */
const OPEN_LIMIT_MS = 3_000;

async function tabOpened(title: string): Promise<void> {
  const limit = performance.now() + OPEN_LIMIT_MS;
  while (tabsNamed(title).length === 0 && performance.now() < limit) await sleep(30);
}

async function closeTabs(title: string): Promise<void> {
  const tabs = tabsNamed(title);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

/** Tabs of that editor: VS Code writes the number of files behind its title, and has no published type for it. */
function tabsNamed(title: string): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  return tabs.filter(
    ({ label, input }) => label.startsWith(title) && !(input instanceof vscode.TabInputText),
  );
}
