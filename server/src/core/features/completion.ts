// Completion: names of settings and options where a set is written, values where a value is, caches with their keys,
// hosts, and the functions of deploy-rs. Half-typed text is the normal case: what would stand at the cursor is found by
// parsing the text with something whole in its place.

import type { Analysis } from "../analysis";
import { isNixConf } from "../facts/readFacts";
import type { SourceFile } from "../syntax/expr";
import type { TextEdit } from "../text/textEdit";
import { commentCompletions } from "./commentCompletion";
import { fleetNames, fleetTexts, profilePath } from "./completionFleet";
import { listEntries, selectionNames, valueWords } from "./completionValues";
import { confCompletions } from "./confCompletion";
import { type Cursor, cursorAt } from "./cursor";
import { nameText } from "./hoverNames";
import { listPath } from "./listPath";
import { type NameDoc, namesInSet } from "./schema";
import { trustEdits } from "./trustEdits";

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
  /** Made elsewhere in the file along with it: the keys of a cache. */
  readonly further?: readonly TextEdit[];
}

/** What a completion is before it knows which text it replaces. */
export type Candidate = Omit<Completion, "start" | "end" | "further"> & {
  /** Of a cache: what has to be trusted for it to be of use. */
  readonly keys?: readonly string[];
};

export function completions(analysis: Analysis, path: string, offset: number): Completion[] {
  const text = analysis.text(path);
  if (text === undefined) return [];
  const inComment = commentCompletions(analysis, path, text, offset);
  if (inComment !== undefined) return inComment;
  if (isNixConf(path)) return confCompletions(analysis, text, offset);
  if (!path.endsWith(".nix")) return [];
  const place = { analysis, path, text, offset };
  return inString(place) ?? afterSelection(place) ?? asName(place) ?? asValue(place) ?? [];
}

interface Place {
  readonly analysis: Analysis;
  readonly path: string;
  readonly text: string;
  readonly offset: number;
}

/** Inside quotes: entries of a list, or a value out of few; a quote that is not closed yet is closed for the trial. */
function inString(place: Place): Completion[] | undefined {
  const { analysis, path, text, offset } = place;
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const isOpen = (line.match(/(?<!\\)"/g) ?? []).length % 2 === 1;
  const closedOnLine = isOpen && /^[^"\n]*"/.test(text.slice(offset));
  const trial = isOpen && !closedOnLine ? `${text.slice(0, offset)}"${text.slice(offset)}` : text;
  const { file, cursor } = trialCursor(place, trial, offset);
  if (cursor.spot.kind !== "string") return undefined;
  const { expr } = cursor.spot;
  if (expr.indented) return confCompletions(analysis, text, offset, cursor.path);
  const start = expr.start + 1;
  const end = isOpen && !closedOnLine ? offset : Math.max(start, expr.end - 1);
  // what is being typed is an entry of the list already; it is no proposal
  const typed = trial.slice(start, end);
  const words = valueWords(cursor.path, path).filter(({ newText }) => newText.startsWith('"'));
  const candidates =
    cursor.spot.list === undefined
      ? [...words.map(unquoted), ...fleetTexts(analysis, cursor.path)]
      : entriesFor(place, file, cursor);
  const known = candidates.length > 0 ? candidates : listEntries(analysis, cursor.path);
  return known
    .filter(({ newText }) => newText !== typed)
    .map(candidate => completionOf(place, file, cursor, candidate, { start, end }));
}

/** What may join the list that the cursor is in: nothing that is in it. */
function entriesFor({ analysis }: Place, file: SourceFile, cursor: Cursor): Candidate[] {
  const { spot } = cursor;
  const list = spot.kind === "list" ? spot.expr : "list" in spot ? spot.list : undefined;
  const path = listPath(file, cursor.path);
  const present = new Set(list?.items.map(item => file.text.slice(item.start, item.end)));
  return [...listEntries(analysis, path), ...fleetTexts(analysis, path)].filter(
    ({ newText }) => !present.has(`"${newText}"`),
  );
}

/** The completion at its place, with the keys of a cache where they are trusted nowhere yet. */
function completionOf(
  { analysis, text }: Place,
  trial: SourceFile,
  cursor: Cursor,
  { keys, ...candidate }: Candidate,
  place: { readonly start: number; readonly end: number },
): Completion {
  const edits = keys === undefined ? [] : trustEdits(analysis, trial, cursor.path, keys);
  if (edits.length === 0) return { ...candidate, ...place };
  // what the trial added stands at the end of what is replaced
  const added = trial.text.length - text.length;
  const moved = edits.map(edit => ({
    ...edit,
    start: edit.start > place.start ? edit.start - added : edit.start,
    end: edit.end > place.start ? edit.end - added : edit.end,
  }));
  const isApart = moved.every(({ start, end }) => end < place.start || start > place.end);
  if (!isApart) return { ...candidate, ...place };
  return { ...candidate, ...place, detail: `${candidate.detail}, trusts its key too`, further: moved };
}

/** Behind a dot of something that is selected from: configurations, systems, activation functions. */
function afterSelection({ analysis, text, offset }: Place): Completion[] | undefined {
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
function asName(place: Place): Completion[] | undefined {
  const { analysis, path, text, offset } = place;
  const typed = /[A-Za-z_][\w'.-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  const start = offset - typed.length;
  // behind these a value begins, whatever a trial makes of it
  if (/[=([]\s*$/.test(text.slice(Math.max(0, start - 200), start))) return undefined;
  const rest = /^[\w'-]*/.exec(text.slice(offset))?.[0] ?? "";
  const isBound = /^\s*[.=]/.test(text.slice(offset + rest.length));
  const trial = isBound
    ? text
    : `${text.slice(0, start)}${typed}x = null;${text.slice(offset + rest.length)}`;
  const { cursor } = trialCursor(place, trial, offset);
  if (cursor.spot.kind !== "name") return undefined;
  const set = cursor.path.slice(0, -1);
  const nameStart = start + typed.lastIndexOf(".") + 1;
  const fromFleet = isBound ? [] : fleetNames(analysis, set, text.slice(nameStart, offset));
  const names = namesInSet(set, path);
  if (names === undefined && fromFleet.length === 0) return undefined;
  const taken = new Set(cursor.spot.others);
  const candidates = [
    ...(names ?? []).filter(doc => !doc.outdated).map(doc => nameCandidate(doc, isBound)),
    ...fromFleet,
  ];
  return candidates
    .filter(({ label }) => !taken.has(label))
    .map(candidate => ({ ...candidate, start: nameStart, end: offset + rest.length }));
}

function nameCandidate(doc: NameDoc, isBound: boolean): Candidate {
  return {
    label: doc.name,
    kind: "name",
    detail: `${doc.origin}, ${doc.type}`,
    documentation: nameText(doc),
    newText: isBound ? doc.name : binding(doc),
    isSnippet: !isBound,
  };
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
function asValue(place: Place): Completion[] | undefined {
  const { analysis, path, text, offset } = place;
  const typed = /[A-Za-z_][\w'-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  const start = offset - typed.length;
  const semicolon = /^\s*[;\]})]/.test(text.slice(offset)) ? "" : ";";
  const trial = `${text.slice(0, start)}null${semicolon}${text.slice(offset)}`;
  const { file, cursor } = trialCursor(place, trial, start + 2);
  if (cursor.spot.kind !== "expression") return undefined;
  const whole = profilePath(analysis, cursor.path);
  const candidates =
    cursor.spot.list !== undefined
      ? entriesFor(place, file, cursor).map(quoted)
      : [...(whole === undefined ? [] : [whole]), ...valueWords(cursor.path, path)];
  return candidates.map(candidate => completionOf(place, file, cursor, candidate, { start, end: offset }));
}

function quoted(candidate: Candidate): Candidate {
  return { ...candidate, newText: `"${candidate.newText}"` };
}

function unquoted(candidate: Candidate): Candidate {
  const text = candidate.newText.slice(1, -1);
  return { ...candidate, label: text, newText: text };
}

function trialCursor(
  { analysis, path, text }: Place,
  trial: string,
  offset: number,
): { readonly file: SourceFile; readonly cursor: Cursor } {
  const file = (trial === text ? analysis.file(path) : undefined) ?? analysis.parse(path, trial);
  return { file, cursor: cursorAt(file.root, offset) };
}
