// workspace/didChangeWatchedFiles: files and folders that came, changed or went on disk.

import type { DidChangeWatchedFilesParams } from "vscode-languageserver/node";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

export function didChangeWatchedFiles(session: Session, { changes }: DidChangeWatchedFilesParams): void {
  session.disk.refresh(changes.map(change => pathOfUri(change.uri)));
}
