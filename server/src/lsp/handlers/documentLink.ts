// textDocument/documentLink.

import type { DocumentLink, DocumentLinkParams } from "vscode-languageserver/node";
import { documentLinks } from "../../core/features/documentLinks";
import { pathOfUri, rulePage } from "../conversions";
import type { Session } from "../session";

export async function documentLink(
  session: Session,
  { textDocument }: DocumentLinkParams,
  signal: AbortSignal,
): Promise<DocumentLink[]> {
  const path = pathOfUri(textDocument.uri);
  const analysis = await session.settledAnalysis(signal);
  const lines = session.lines.of(path);
  if (lines === undefined) return [];
  return documentLinks(analysis, path).map(link => ({
    range: lines.range(link),
    target: link.kind === "url" ? link.url : rulePage(link.code),
  }));
}
