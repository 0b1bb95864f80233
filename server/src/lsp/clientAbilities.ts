// What the connected editor can do, condensed from its capabilities.

import type { ClientCapabilities } from "vscode-languageserver/node";
import type { DiagnosticAbilities } from "./conversions";

export interface ClientAbilities extends DiagnosticAbilities {
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly dynamicWatchers: boolean;
  readonly documentChanges: boolean;
  readonly codeActionLiterals: boolean;
  readonly snippets: boolean;
  readonly definitionLinks: boolean;
  readonly refreshLenses: boolean;
  readonly refreshHints: boolean;
}

export function clientAbilities({ workspace, textDocument }: ClientCapabilities): ClientAbilities {
  return {
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
    codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    dynamicWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
  };
}
