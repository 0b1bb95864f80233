// Read-only texts that belong to no file, under the scheme `nix-deploy:`. A text lives as long as its editor.

import * as vscode from "vscode";
import { DisposableStore } from "../disposableStore";
import type { TextDocumentContent } from "../ports/ui";

const SCHEME = "nix-deploy";

export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument(document => {
        if (document.uri.scheme === SCHEME) this.#texts.delete(document.uri.toString());
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /**
   * Keeps the text and answers its address; the same name replaces the text in place. Of a file that changes there are two
   * texts of one name, so that nobody takes them for two files.
   */
  put(document: TextDocumentContent, side?: "before" | "after"): vscode.Uri {
    const query = side === undefined ? {} : { query: side };
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${document.name}`, ...query });
    this.#texts.set(uri.toString(), document.text);
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
