// Writes plain values as Nix text, in the layout of nixfmt.

/** A plain value to be written as Nix. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or"]);
/** Longer lists and sets are written on several lines. */
const LINE_LENGTH = 80;

/** The value as Nix text; further lines are indented by `indent`. */
export function printNix(value: PlainValue, indent = ""): string {
  if (typeof value === "string") return printString(value);
  if (value === null || typeof value !== "object") return String(value);
  if (isList(value))
    return printItems(
      "[",
      "]",
      value.map(item => printItem(item, indent)),
      indent,
    );
  const deeper = indent + indentUnit(indent);
  const bindings = Object.entries(value).map(
    ([name, inner]) => `${printName(name)} = ${printNix(inner, deeper)};`,
  );
  return bindings.length > 1
    ? `{\n${bindings.map(each => `${deeper}${each}\n`).join("")}${indent}}`
    : printItems("{", "}", bindings, indent);
}

/** A string literal on one line. */
export function printString(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("${", "\\${")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** An attribute path as people write it: names that are no identifiers in quotes. */
export function printPath(path: readonly string[]): string {
  return path.map(printName).join(".");
}

function printName(name: string): string {
  return /^[A-Za-z_][\w'-]*$/.test(name) && !KEYWORDS.has(name) ? name : printString(name);
}

/** An item of a list; negative numbers would be read as an operator. */
function printItem(value: PlainValue, indent: string): string {
  const text = printNix(value, indent + indentUnit(indent));
  return typeof value === "number" && value < 0 ? `(${text})` : text;
}

function printItems(open: string, close: string, items: readonly string[], indent: string): string {
  if (items.length === 0) return `${open} ${close}`;
  const line = `${open} ${items.join(" ")} ${close}`;
  const isShort = line.length + indent.length <= LINE_LENGTH || items.length === 1;
  if (isShort && !line.includes("\n")) return line;
  const deeper = indent + indentUnit(indent);
  return `${open}\n${items.map(item => `${deeper}${item}\n`).join("")}${indent}${close}`;
}

/** One level more, in the manner of the lines around: a tab below tabs. */
export function indentUnit(indent: string): string {
  return indent.includes("\t") ? "\t" : "  ";
}

function isList(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}
