// workspace/didChangeWorkspaceFolders: folders that were added to or removed from the workspace.

import type { WorkspaceFoldersChangeEvent } from "vscode-languageserver/node";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

export function didChangeWorkspaceFolders(session: Session, event: WorkspaceFoldersChangeEvent): void {
  for (const folder of event.removed) session.disk.removeRoot(pathOfUri(folder.uri));
  for (const folder of event.added) session.disk.addRoot(pathOfUri(folder.uri));
}
