// textDocument/completion.

import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionParams,
  InsertTextFormat,
  type TextEdit as ProtocolTextEdit,
} from "vscode-languageserver/node";
import { type Completion, completions } from "../../core/features/completion";
import type { TextEdit } from "../../core/text/textEdit";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

const KINDS: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  name: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  cache: CompletionItemKind.Reference,
  key: CompletionItemKind.Constant,
  host: CompletionItemKind.Module,
  function: CompletionItemKind.Function,
};

export function completion(session: Session, { textDocument, position }: CompletionParams): CompletionItem[] {
  const path = pathOfUri(textDocument.uri);
  const offset = session.lines.offset(path, position);
  if (offset === undefined) return [];
  return completions(session.analysis(), path, offset).map((each, index) =>
    toItem(session, path, each, index),
  );
}

function toItem(session: Session, path: string, completion: Completion, index: number): CompletionItem {
  const { label, kind, detail, documentation, start, end } = completion;
  const range = session.lines.of(path)?.range({ start, end });
  const isSnippet = completion.isSnippet && session.abilities.snippets;
  const newText = completion.isSnippet && !isSnippet ? label : completion.newText;
  const item: CompletionItem = { label, kind: KINDS[kind], detail, sortText: String(index).padStart(5, "0") };
  if (documentation !== "") item.documentation = { kind: "markdown", value: documentation };
  if (isSnippet) item.insertTextFormat = InsertTextFormat.Snippet;
  if (range !== undefined) item.textEdit = { range, newText };
  const further = toProtocolEdits(session, path, completion.further ?? []);
  if (further.length > 0) item.additionalTextEdits = further;
  // editors filter by what stands in the range: inside quotes that is the entry, not its label
  item.filterText = kind === "key" || kind === "cache" ? newText : label;
  return item;
}

function toProtocolEdits(session: Session, path: string, edits: readonly TextEdit[]): ProtocolTextEdit[] {
  const lines = session.lines.of(path);
  return lines === undefined ? [] : edits.map(edit => ({ range: lines.range(edit), newText: edit.newText }));
}
