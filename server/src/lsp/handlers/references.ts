// textDocument/references.

import type { Location, ReferenceParams } from "vscode-languageserver/node";
import { references as findReferences } from "../../core/features/navigation";
import { pathOfUri, toLocations } from "../conversions";
import type { Session } from "../session";

export function references(
  session: Session,
  { textDocument, position, context }: ReferenceParams,
): Location[] {
  const path = pathOfUri(textDocument.uri);
  const offset = session.lines.offset(path, position);
  if (offset === undefined) return [];
  const wanted = { declarations: context.includeDeclaration };
  return toLocations(findReferences(session.analysis(), path, offset, wanted), session.lines);
}
