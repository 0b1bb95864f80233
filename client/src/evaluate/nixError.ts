// An error of `nix eval` as data: what went wrong, and the places that Nix names, the innermost last. Reads the forms of
// Nix 2.8 (message first, then the trace outwards), 2.10 to 2.17 and 2.18 on (trace first, message last).

export interface NixError {
  /** Without "error: ", one line. */
  readonly message: string;
  /** Where Nix says it happened, the nearest to the mistake first. */
  readonly places: readonly NixPlace[];
}

export interface NixPlace {
  /** As Nix printed it: in the store, where Nix evaluates a copy. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** A file, or from 2.20 on a flake's address with the file behind or inside its quotes. */
const PLACE = /^\s*at (?:«(?:git\+file|path):\/\/(\/[^»?]*)[^»]*»)?(\/.*?)?:(\d+):(\d+):?\s*$/;

export function readNixError(lines: readonly string[]): NixError {
  const plain = lines.map(line => line.replace(ANSI, ""));
  const message = messageOf(plain);
  const found: { readonly place: NixPlace; readonly line: number }[] = [];
  for (const [line, text] of plain.entries()) {
    const match = PLACE.exec(text);
    const [, flake = "", inside = "", row = "", column = ""] = match ?? [];
    const path = flake + inside;
    if (path !== "") found.push({ place: { path, line: Number(row), column: Number(column) }, line });
  }
  // the place that follows the message is the mistake's own; the trace is further away the further out it is
  const own = found.filter(each => each.line > message.line);
  const outer = found.filter(each => each.line < message.line).reverse();
  return { message: message.text, places: [...own, ...outer].map(each => each.place) };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told about colours by the escape character
const ANSI = /\u001b\[[0-9;]*m/g;

function messageOf(lines: readonly string[]): { readonly text: string; readonly line: number } {
  for (let line = lines.length - 1; line >= 0; line--) {
    const text = /^\s*error: +(\S.*)$/.exec(lines[line] ?? "")?.[1];
    if (text !== undefined) return { text, line };
  }
  // `error:` stands alone where a trace follows it
  const last = lines.findLastIndex(each => each.trim() !== "");
  return { text: lines[last]?.trim().replace(/^error:\s*/, "") ?? "", line: last };
}
