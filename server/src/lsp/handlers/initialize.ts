// initialize: what this server can do, and what the client said about itself.

import * as v from "valibot";
import {
  CodeActionKind,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { pathOfUri } from "../conversions";
import { FIX_ALL_KIND } from "./codeAction";

const optionsSchema = v.object({
  otherNixExtension: v.optional(v.fallback(v.boolean(), false), false),
  quietPeriodMs: v.optional(v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(10_000)), 150), 150),
});

/** The client's start options; whatever is not right in them falls back to its default. */
export function parseInitializationOptions(raw: unknown): v.InferOutput<typeof optionsSchema> {
  const parsed = v.safeParse(optionsSchema, raw ?? {});
  return parsed.success ? parsed.output : v.parse(optionsSchema, {});
}

/** The folders that are open at the start, as core paths. */
export function initialRoots(params: InitializeParams): string[] {
  if (params.workspaceFolders) return params.workspaceFolders.map(folder => pathOfUri(folder.uri));
  return params.rootUri ? [pathOfUri(params.rootUri)] : [];
}

export function initialize(version: string): InitializeResult {
  return {
    serverInfo: { name: "nix-deploy", version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [".", '"', "/", "="] },
      definitionProvider: true,
      referencesProvider: true,
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      codeLensProvider: {},
      inlayHintProvider: true,
      documentLinkProvider: {},
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
