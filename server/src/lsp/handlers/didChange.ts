// textDocument/didChange: incremental edits of an open document.

import type { DidChangeTextDocumentParams } from "vscode-languageserver/node";
import type { Session } from "../session";

export function didChange(session: Session, params: DidChangeTextDocumentParams): void {
  const { textDocument, contentChanges } = params;
  const changed = session.documents.change(textDocument.uri, textDocument.version, contentChanges);
  if (changed !== undefined) session.edited(changed.path, changed.text, contentChanges);
}
