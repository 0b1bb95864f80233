// textDocument/documentSymbol.

import { type DocumentSymbol, type DocumentSymbolParams, SymbolKind } from "vscode-languageserver/node";
import { fileSymbols, type NamedPlace } from "../../core/features/symbols";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

/** How each kind of place is shown in outlines and pickers. */
export const SYMBOL_KINDS: Readonly<Record<NamedPlace["kind"], SymbolKind>> = {
  host: SymbolKind.Module,
  setting: SymbolKind.Property,
  cache: SymbolKind.Interface,
  key: SymbolKind.Key,
};

export async function documentSymbol(
  session: Session,
  { textDocument }: DocumentSymbolParams,
  signal: AbortSignal,
): Promise<DocumentSymbol[]> {
  const path = pathOfUri(textDocument.uri);
  const analysis = await session.settledAnalysis(signal);
  return fileSymbols(analysis, path).flatMap(({ kind, name, detail, span, nameSpan }) => {
    const range = session.lines.range(span);
    const selectionRange = session.lines.range(nameSpan);
    if (range === undefined || selectionRange === undefined || name === "") return [];
    return [{ name, detail, kind: SYMBOL_KINDS[kind], range, selectionRange }];
  });
}
