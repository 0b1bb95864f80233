// textDocument/didClose: the disk speaks for the file again.

import type { DidCloseTextDocumentParams } from "vscode-languageserver/node";
import type { Session } from "../session";

export function didClose(session: Session, { textDocument }: DidCloseTextDocumentParams): void {
  session.closed(session.documents.close(textDocument.uri));
}
