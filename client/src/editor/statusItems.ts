// One line about a view in the two places for it: the status bar, where a click shows the view, and the language status.

import * as vscode from "vscode";
import { DisposableStore } from "../disposableStore";
import { t } from "../l10n";

export interface StatusLine {
  /** Undefined: there is nothing to be shown. */
  readonly text: string | undefined;
  readonly tooltip: string;
  readonly severity: "none" | "warning" | "error";
}

export class StatusItems implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #bar: vscode.StatusBarItem;
  readonly #language: vscode.LanguageStatusItem;

  constructor(viewId: string, name: string) {
    const command = `${viewId}.focus`;
    this.#bar = this.#store.add(vscode.window.createStatusBarItem(viewId, vscode.StatusBarAlignment.Left, 0));
    this.#bar.name = name;
    this.#bar.command = command;
    this.#language = this.#store.add(
      vscode.languages.createLanguageStatusItem(viewId, [{ language: "nix" }, { language: "nix-conf" }]),
    );
    this.#language.name = name;
    this.#language.command = { title: t("Show"), command };
  }

  show({ text, tooltip, severity }: StatusLine): void {
    if (text === undefined) {
      this.#bar.hide();
      this.#language.text = t("No hosts");
      this.#language.severity = vscode.LanguageStatusSeverity.Information;
      return;
    }
    this.#bar.text = `$(server-environment) ${text}`;
    this.#bar.tooltip = tooltip;
    this.#bar.accessibilityInformation = { label: `${this.#bar.name}: ${text}` };
    this.#bar.backgroundColor =
      severity === "error" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#bar.show();
    this.#language.text = text;
    this.#language.severity =
      severity === "none" ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Warning;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
