// textDocument/didOpen: the document's text overrides the disk from now on.

import type { DidOpenTextDocumentParams } from "vscode-languageserver/node";
import type { Session } from "../session";

export function didOpen(session: Session, { textDocument }: DidOpenTextDocumentParams): void {
  const { uri, languageId, version, text } = textDocument;
  session.opened(session.documents.open(uri, languageId, version, text), text);
}
