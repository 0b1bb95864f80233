// The documents that the editor has open. Their text overrides what is on disk until they are closed.

import type { TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { pathOfUri } from "./conversions";

export class OpenDocuments {
  private readonly byPath = new Map<string, TextDocument>();

  open(uri: string, languageId: string, version: number, text: string): string {
    const path = pathOfUri(uri);
    this.byPath.set(path, TextDocument.create(uri, languageId, version, text));
    return path;
  }

  /** Applies incremental changes; undefined for a document that was never opened. */
  change(
    uri: string,
    version: number,
    changes: TextDocumentContentChangeEvent[],
  ): { readonly path: string; readonly text: string } | undefined {
    const path = pathOfUri(uri);
    const document = this.byPath.get(path);
    if (document === undefined) return undefined;
    const changed = TextDocument.update(document, changes, version);
    this.byPath.set(path, changed);
    return { path, text: changed.getText() };
  }

  close(uri: string): string {
    const path = pathOfUri(uri);
    this.byPath.delete(path);
    return path;
  }

  has(path: string): boolean {
    return this.byPath.has(path);
  }

  version(path: string): number | undefined {
    return this.byPath.get(path)?.version;
  }

  languageId(path: string): string | undefined {
    return this.byPath.get(path)?.languageId;
  }

  get paths(): string[] {
    return [...this.byPath.keys()];
  }
}
