// Completion: names of settings and options where a set is written, values where a value is, caches with their keys,
// hosts, and the functions of deploy-rs. Half-typed text is the normal case: what would stand at the cursor is found by
// parsing the text with something whole in its place.

import type { Analysis } from "../analysis";
import { listEntries, selectionNames, valueWords } from "./completionValues";
import { confCompletions } from "./confCompletion";
import { type Cursor, cursorAt } from "./cursor";
import { nameText } from "./hoverNames";
import { type NameDoc, namesInSet } from "./schema";

export interface Completion {
  readonly label: string;
  readonly kind: "name" | "value" | "cache" | "key" | "host" | "function";
  readonly detail: string;
  readonly documentation: string;
  /** What replaces `start`..`end`; with `$0` for the cursor where `isSnippet`. */
  readonly newText: string;
  readonly isSnippet: boolean;
  readonly start: number;
  readonly end: number;
}

/** What a completion is before it knows which text it replaces. */
export type Candidate = Omit<Completion, "start" | "end">;

export function completions(analysis: Analysis, path: string, offset: number): Completion[] {
  const text = analysis.text(path);
  if (text === undefined) return [];
  if (!path.endsWith(".nix")) return confCompletions(analysis, text, offset);
  return (
    inString(analysis, path, text, offset) ??
    afterSelection(analysis, text, offset) ??
    asName(analysis, path, text, offset) ??
    asValue(analysis, path, text, offset) ??
    []
  );
}

/** Inside quotes: entries of a list, or a value out of few; a quote that is not closed yet is closed for the trial. */
function inString(analysis: Analysis, path: string, text: string, offset: number): Completion[] | undefined {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const isOpen = (line.match(/(?<!\\)"/g) ?? []).length % 2 === 1;
  const closedOnLine = isOpen && /^[^"\n]*"/.test(text.slice(offset));
  const trial = isOpen && !closedOnLine ? `${text.slice(0, offset)}"${text.slice(offset)}` : text;
  const cursor = trialCursor(analysis, path, trial, offset);
  if (cursor?.spot.kind !== "string") return undefined;
  const { expr } = cursor.spot;
  if (expr.indented) return confCompletions(analysis, text, offset, cursor.path);
  const start = expr.start + 1;
  const end = isOpen && !closedOnLine ? offset : Math.max(start, expr.end - 1);
  // what is being typed is an entry of the list already; it is no proposal
  const typed = trial.slice(start, end);
  return listEntries(analysis, cursor.path)
    .filter(({ newText }) => newText !== typed)
    .map(candidate => ({ ...candidate, start, end }));
}

/** Behind a dot of something that is selected from: configurations, systems, activation functions. */
function afterSelection(analysis: Analysis, text: string, offset: number): Completion[] | undefined {
  const chain = /[A-Za-z_][\w'.-]*(?:\$\{[^}\n]*\}[\w'.-]*)*$/.exec(
    text.slice(Math.max(0, offset - 300), offset),
  )?.[0];
  const found = chain === undefined ? undefined : selectionNames(analysis, chain);
  return found?.candidates.map(candidate => ({
    ...candidate,
    start: offset - found.typed.length,
    end: offset,
  }));
}

/** A name of a set: what would the set be if a whole binding stood here? */
function asName(analysis: Analysis, path: string, text: string, offset: number): Completion[] | undefined {
  const typed = /[A-Za-z_][\w'.-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  const start = offset - typed.length;
  const rest = /^[\w'-]*/.exec(text.slice(offset))?.[0] ?? "";
  const isBound = /^\s*[.=]/.test(text.slice(offset + rest.length));
  const cursor = isBound
    ? trialCursor(analysis, path, text, offset)
    : trialCursor(
        analysis,
        path,
        `${text.slice(0, start)}${typed}x = null;${text.slice(offset + rest.length)}`,
        offset,
      );
  if (cursor?.spot.kind !== "name") return undefined;
  const names = namesInSet(cursor.path.slice(0, -1), path);
  if (names === undefined) return undefined;
  const nameStart = start + typed.lastIndexOf(".") + 1;
  const snippet = (doc: NameDoc) => (isBound ? doc.name : binding(doc));
  return names
    .filter(doc => !doc.outdated)
    .map(doc => ({
      label: doc.name,
      kind: "name",
      detail: `${doc.origin}, ${doc.type}`,
      documentation: nameText(doc),
      newText: snippet(doc),
      isSnippet: !isBound,
      start: nameStart,
      end: offset + rest.length,
    }));
}

function binding(doc: NameDoc): string {
  switch (doc.shape) {
    case "bool":
      return `${doc.name} = \${1|true,false|};$0`;
    case "list":
      return `${doc.name} = [ $1 ];$0`;
    case "set":
      return `${doc.name} = {\n  $1\n};$0`;
    case "text":
      return `${doc.name} = "$1";$0`;
    default:
      return `${doc.name} = $1;$0`;
  }
}

/** Behind `=` or in a list: what would stand there if it were a value? */
function asValue(analysis: Analysis, path: string, text: string, offset: number): Completion[] | undefined {
  const typed = /[A-Za-z_][\w'-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  const start = offset - typed.length;
  const semicolon = /^\s*[;\]})]/.test(text.slice(offset)) ? "" : ";";
  const trial = `${text.slice(0, start)}null${semicolon}${text.slice(offset)}`;
  const cursor = trialCursor(analysis, path, trial, start + 2);
  if (cursor?.spot.kind !== "expression") return undefined;
  const candidates =
    cursor.spot.list !== undefined
      ? listEntries(analysis, cursor.path).map(quoted)
      : valueWords(cursor.path, path);
  return candidates.map(candidate => ({ ...candidate, start, end: offset }));
}

function quoted(candidate: Candidate): Candidate {
  return { ...candidate, newText: `"${candidate.newText}"` };
}

function trialCursor(analysis: Analysis, path: string, text: string, offset: number): Cursor | undefined {
  const file = text === analysis.text(path) ? analysis.file(path) : analysis.parse(path, text);
  return file === undefined ? undefined : cursorAt(file.root, offset);
}
