// textDocument/definition.

import type { DefinitionParams, Location } from "vscode-languageserver/node";
import { definitions } from "../../core/features/navigation";
import { pathOfUri, toLocations } from "../conversions";
import type { Session } from "../session";

export function definition(session: Session, { textDocument, position }: DefinitionParams): Location[] {
  const path = pathOfUri(textDocument.uri);
  const offset = session.lines.offset(path, position);
  if (offset === undefined) return [];
  return toLocations(definitions(session.analysis(), path, offset), session.lines);
}
