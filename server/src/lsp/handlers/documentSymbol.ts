// textDocument/documentSymbol.

import { type DocumentSymbol, type DocumentSymbolParams, SymbolKind } from "vscode-languageserver/node";
import { fileSymbols, type NamedPlace, nested, type PlaceTree } from "../../core/features/symbols";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

/** How each kind of place is shown in outlines and pickers. */
export const SYMBOL_KINDS: Readonly<Record<NamedPlace["kind"], SymbolKind>> = {
  host: SymbolKind.Module,
  profile: SymbolKind.Package,
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
  return nested(fileSymbols(analysis, path)).flatMap(tree => toSymbols(session, tree));
}

/** The symbol of a place; where it can't be shown, those of what is in it. */
function toSymbols(session: Session, { place, children }: PlaceTree): DocumentSymbol[] {
  const inner = children.flatMap(each => toSymbols(session, each));
  const { kind, name, detail, span, nameSpan } = place;
  const range = session.lines.range(span);
  const selectionRange = session.lines.range(nameSpan);
  if (range === undefined || selectionRange === undefined || name === "") return inner;
  const symbol = { name, detail, kind: SYMBOL_KINDS[kind], range, selectionRange };
  return [inner.length === 0 ? symbol : { ...symbol, children: inner }];
}
