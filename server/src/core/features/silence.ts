// The comment that silences a finding where it stands: on a line of its own above it, or joined to one that is there.

import type { Analysis } from "../analysis";
import { isNixConf } from "../facts/readFacts";
import { isScript } from "../facts/scriptFacts";
import type { Finding } from "../rules/rule";
import { silencedCodes } from "../rules/suppressions";
import type { TextEdit } from "../text/textEdit";
import { cursorAt } from "./cursor";

/** Options whose text is nix.conf, where `#` begins a comment too. */
const CONF_OPTIONS = new Set(["extraOptions", "extraConfig"]);

/** Undefined where no comment can stand: in JSON, in a string that is no nix.conf, of a file that cannot be read. */
export function silenceEdit(analysis: Analysis, { code, span }: Finding): TextEdit | undefined {
  const text = analysis.text(span.path);
  if (text === undefined || code === "syntax") return undefined;
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  if (!takesComment(analysis, span.path, lineStart)) return undefined;
  const above = commentAbove(text, lineStart);
  if (above !== undefined) return { start: above, end: above, newText: `, ${code}` };
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return { start: lineStart, end: lineStart, newText: `${indent}# nix-deploy: ignore ${code}${lineEnd}` };
}

function takesComment(analysis: Analysis, path: string, lineStart: number): boolean {
  const root = analysis.file(path)?.root;
  if (root === undefined) return isNixConf(path) || isScript(path);
  const { spot, path: names } = cursorAt(root, lineStart);
  const isInString = spot.kind === "string" && spot.expr.start < lineStart && lineStart < spot.expr.end;
  return !isInString || (spot.expr.indented && CONF_OPTIONS.has(names.at(-1) ?? ""));
}

/** Where the codes end of a comment that stands alone right above the line. */
function commentAbove(text: string, lineStart: number): number | undefined {
  const start = text.lastIndexOf("\n", lineStart - 2) + 1;
  const line = text.slice(start, lineStart);
  if (lineStart === 0 || !/^\s*#/.test(line)) return undefined;
  const last = silencedCodes(line).at(-1);
  return last === undefined ? undefined : start + last.end;
}
