// textDocument/definition.

import type { DefinitionParams, Location, LocationLink } from "vscode-languageserver/node";
import { definitions, subjectAt } from "../../core/features/navigation";
import { pathOfUri, toLocations } from "../conversions";
import type { Session } from "../session";

export function definition(
  session: Session,
  { textDocument, position }: DefinitionParams,
): Location[] | LocationLink[] {
  const path = pathOfUri(textDocument.uri);
  const offset = session.lines.offset(path, position);
  if (offset === undefined) return [];
  const analysis = session.analysis();
  const locations = toLocations(definitions(analysis, path, offset), session.lines);
  const origin = session.abilities.definitionLinks ? subjectAt(analysis, path, offset)?.span : undefined;
  const originSelectionRange = origin === undefined ? undefined : session.lines.range(origin);
  if (originSelectionRange === undefined) return locations;
  // with links the editor underlines the whole address, not only the word that the mouse is on
  return locations.map(({ uri, range }) => ({
    targetUri: uri,
    targetRange: range,
    targetSelectionRange: range,
    originSelectionRange,
  }));
}
