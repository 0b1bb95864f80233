// One change of one option in one place of one file: edits, or a reason why there is no place for it.

import { calledName, namesOf } from "../features/cursor";
import { childrenOf } from "../syntax/children";
import type { AttrsExpr, BinaryExpr, Expr, ListExpr, SourceFile, StringExpr } from "../syntax/expr";
import type { TextEdit } from "../text/textEdit";
import { addBinding, addItems, removeItem } from "./layout";
import { findPlace, type OptionPlace, unwrapped } from "./modulePlace";
import { type PlainValue, printNix, printString } from "./printNix";

/** What lists hold: substituters and keys are strings, ports are numbers. */
export type ListItem = string | number;

export type OptionChange =
  | { readonly kind: "addToList"; readonly items: readonly ListItem[] }
  | { readonly kind: "removeFromList"; readonly items: readonly ListItem[] }
  | { readonly kind: "set"; readonly value: PlainValue };

/** Edits of one file, or why none would be right. */
export type OptionEdits =
  | { readonly edits: readonly TextEdit[] }
  | { readonly refusal: string; readonly at: Expr };

/** Changes an option in a set of options: where it stands, or else where it belongs. */
export function editInSet(
  file: SourceFile,
  set: AttrsExpr,
  option: readonly string[],
  change: OptionChange,
): OptionEdits {
  return editAtPlace(file, findPlace(set, option), change);
}

/** The same for a flake's `nixConfig`, which Nix reads without evaluating: what stands there must be a literal. */
export function editInFlake(
  file: SourceFile,
  flake: AttrsExpr,
  option: readonly string[],
  change: OptionChange,
): OptionEdits {
  const place = findPlace(flake, option);
  if (place.kind === "defined" && place.value.kind !== "list" && change.kind !== "set")
    return { refusal: "it is not a list literal", at: place.value };
  return editAtPlace(file, place, change);
}

function editAtPlace(file: SourceFile, place: OptionPlace, change: OptionChange): OptionEdits {
  if (place.kind === "defined") return editValue(file, place.value, change);
  if (change.kind === "removeFromList") return { edits: [] };
  if (place.kind === "blocked") return { refusal: "the set that holds it is computed", at: place.by };
  const value = change.kind === "set" ? change.value : change.items;
  if (change.kind === "addToList" && change.items.length === 0) return { edits: [] };
  return { edits: [addBinding(file, place.set, place.rest, indent => printNix(value, indent))] };
}

/** Changes a definition that stands there already. */
export function editValue(file: SourceFile, value: Expr, change: OptionChange): OptionEdits {
  const inner = unwrapped(value) ?? (change.kind === "addToList" ? listCall(value) : undefined);
  if (inner === undefined) return { refusal: "its value hangs on a condition", at: value };
  switch (change.kind) {
    case "addToList":
      return addToValue(file, inner, change.items);
    case "removeFromList":
      return removeFromValue(file, inner, change.items);
    case "set":
      return setValue(file, inner, change.value);
  }
}

function addToValue(file: SourceFile, value: Expr, items: readonly ListItem[]): OptionEdits {
  const shared = value.kind === "variable" ? sharedList(file.root, value.name) : undefined;
  const lists = listsOf(shared ?? value);
  const there = new Set(lists.flatMap(list => list.items.map(literalOf)));
  const missing = items.map(item => printNix(item)).filter(item => !there.has(item));
  if (missing.length === 0) return { edits: [] };
  const list = lists.at(-1);
  if (list !== undefined) return { edits: [addItems(file, list, missing)] };
  if (value.kind !== "variable" && value.kind !== "select" && listCall(value) === undefined)
    return { refusal: "its value is computed", at: value };
  return { edits: [{ start: value.end, end: value.end, newText: ` ++ [ ${missing.join(" ")} ]` }] };
}

/** Functions whose result is a list, so that a list can be joined to it. */
const LIST_FUNCTIONS = new Set([
  "optional",
  "optionals",
  "map",
  "filter",
  "concatMap",
  "concatLists",
  "flatten",
  "unique",
  "attrValues",
  "catAttrs",
  "mapAttrsToList",
]);

/** A call that certainly makes a list. */
function listCall(value: Expr): Expr | undefined {
  return value.kind === "apply" && LIST_FUNCTIONS.has(calledName(value) ?? "") ? value : undefined;
}

/** The list that a variable names, where the file has one such list and uses it nowhere else. */
function sharedList(root: Expr, name: string): Expr | undefined {
  const found: Expr[] = [];
  let uses = 0;
  const visit = (expr: Expr): void => {
    if (expr.kind === "variable" && expr.name === name) uses++;
    if (expr.kind === "select" && namesOf(expr.path).includes(name)) uses += 2;
    if (expr.kind === "attrs" || expr.kind === "let")
      for (const binding of expr.bindings) {
        if (binding.kind === "inherit" && namesOf(binding.names).includes(name)) uses += 2;
        if (binding.kind === "binding" && namesOf(binding.path).join(".") === name) found.push(binding.value);
      }
    childrenOf(expr).forEach(visit);
  };
  visit(root);
  const [only, other] = found;
  return uses === 1 && other === undefined && only !== undefined && listsOf(only).length > 0
    ? only
    : undefined;
}

function removeFromValue(file: SourceFile, value: Expr, items: readonly ListItem[]): OptionEdits {
  const wanted = new Set(items.map(item => printNix(item)));
  const found = listsOf(value).flatMap(list =>
    list.items.filter(item => {
      const literal = literalOf(item);
      return literal !== undefined && wanted.has(literal);
    }),
  );
  return { edits: found.map(item => removeItem(file, item)) };
}

function setValue(file: SourceFile, value: Expr, wanted: PlainValue): OptionEdits {
  const isLiteral =
    value.kind === "string" ||
    value.kind === "integer" ||
    value.kind === "float" ||
    value.kind === "list" ||
    value.kind === "attrs" ||
    (value.kind === "variable" && /^(true|false|null)$/.test(value.name));
  if (!isLiteral) return { refusal: "its value is computed", at: value };
  const indent = /^[ \t]*/.exec(file.text.slice(file.text.lastIndexOf("\n", value.start - 1) + 1))?.[0] ?? "";
  const newText = printNix(wanted, indent);
  if (file.text.slice(value.start, value.end) === newText) return { edits: [] };
  return { edits: [{ start: value.start, end: value.end, newText }] };
}

/** The list literals that a value is made of by `++`. */
function listsOf(value: Expr): ListExpr[] {
  const inner = unwrapped(value);
  if (inner === undefined) return [];
  if (inner.kind === "list") return [inner];
  return isConcatenation(inner) ? [...listsOf(inner.left), ...listsOf(inner.right)] : [];
}

function isConcatenation(expr: Expr): expr is BinaryExpr {
  return expr.kind === "binary" && expr.operator === "++";
}

/** A string without interpolation or an integer, as we would write it. */
function literalOf(expr: Expr): string | undefined {
  if (expr.kind === "integer") return expr.value.toString();
  if (expr.kind === "uri") return printString(expr.value);
  const text = expr.kind === "string" ? wholeText(expr) : undefined;
  return text === undefined ? undefined : printString(text);
}

function wholeText({ parts }: StringExpr): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "text") return undefined;
    text += part.value;
  }
  return text;
}
