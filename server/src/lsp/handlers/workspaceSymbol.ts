// workspace/symbol.

import type { SymbolInformation, WorkspaceSymbolParams } from "vscode-languageserver/node";
import { workspaceSymbols } from "../../core/features/symbols";
import { uriOfPath } from "../conversions";
import type { Session } from "../session";
import { SYMBOL_KINDS } from "./documentSymbol";

/** Pickers show no more. */
const MAX_SYMBOLS = 200;

export async function workspaceSymbol(
  session: Session,
  { query }: WorkspaceSymbolParams,
  signal: AbortSignal,
): Promise<SymbolInformation[]> {
  const analysis = await session.settledAnalysis(signal);
  return workspaceSymbols(analysis, query)
    .slice(0, MAX_SYMBOLS)
    .flatMap(({ kind, name, detail, nameSpan }) => {
      const range = session.lines.range(nameSpan);
      if (range === undefined || name === "") return [];
      const location = { uri: uriOfPath(nameSpan.path), range };
      return [{ name, kind: SYMBOL_KINDS[kind], location, containerName: detail }];
    });
}
