// Evaluation in VS Code: the command, and its errors as diagnostics that last until the file changes or Nix is asked again.

import * as vscode from "vscode";
import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { type EvaluationErrors, evaluate } from "./evaluate";

export function registerEvaluate(app: App): Disposable {
  const store = new DisposableStore();
  const errors = store.add(new ShownErrors());
  store.add(app.commands.register("nixDeploy.evaluate", hosts => evaluate(app, errors, hosts)));
  return store;
}

class ShownErrors implements EvaluationErrors, Disposable {
  readonly #store = new DisposableStore();
  readonly #shown = this.#store.add(vscode.languages.createDiagnosticCollection("nix-deploy-evaluate"));
  readonly #byHost = new Map<string, { readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic }>();

  constructor() {
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#forget(document.uri);
      }),
    );
  }

  set(host: string, error: Parameters<EvaluationErrors["set"]>[1]): void {
    this.#byHost.delete(host);
    if (error !== undefined) {
      const { path, line, column } = error.place;
      const start = new vscode.Position(line - 1, column - 1);
      const diagnostic = new vscode.Diagnostic(new vscode.Range(start, start), error.message);
      diagnostic.source = `nix eval (${host})`;
      this.#byHost.set(host, { uri: vscode.Uri.file(path), diagnostic });
    }
    this.#show();
  }

  #forget(uri: vscode.Uri): void {
    const stale = [...this.#byHost].filter(([, shown]) => shown.uri.toString() === uri.toString());
    for (const [host] of stale) this.#byHost.delete(host);
    if (stale.length > 0) this.#show();
  }

  #show(): void {
    this.#shown.clear();
    for (const { uri, diagnostic } of this.#byHost.values())
      this.#shown.set(uri, [...(this.#shown.get(uri) ?? []), diagnostic]);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
