// Completion in comments that silence rules: first the codes of what is found at the place, then all others.

import type { Analysis } from "../analysis";
import { RULES } from "../rules/index";
import type { Completion } from "./completion";

/** Undefined outside of such comments. */
export function commentCompletions(
  analysis: Analysis,
  path: string,
  text: string,
  offset: number,
): Completion[] | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  const comment = /(?:#|\/\*)[ \t]*nix-deploy:[ \t]*(.*)$/.exec(line)?.[1];
  if (comment === undefined) return undefined;
  const typed = /[\w-]*$/.exec(comment)?.[0] ?? "";
  const place = { start: offset - typed.length, end: offset };
  if (!/^ignore\s/.test(comment))
    return [{ ...item("ignore", "silence rules", ""), newText: "ignore ", ...place }];
  const lineEnd = endOfLine(text, endOfLine(text, offset) + 1);
  const here = new Set(
    analysis
      .findings(path)
      .filter(({ span }) => lineStart <= span.start && span.start <= lineEnd)
      .map(({ code }) => code),
  );
  const rules = RULES.map(({ meta }) => meta);
  const ordered = [
    ...rules.filter(({ code }) => here.has(code)),
    ...rules.filter(({ code }) => !here.has(code)),
  ];
  return ordered.map(({ code, severity, docs }) => ({
    ...item(code, here.has(code) ? "found here" : severity, docs.summary),
    ...place,
  }));
}

function item(label: string, detail: string, documentation: string): Omit<Completion, "start" | "end"> {
  return { label, kind: "value", detail, documentation, newText: label, isSnippet: false };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
