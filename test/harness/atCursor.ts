// Runs a feature at the `$0` of a fixture.

import type { Analysis } from "../../server/src/core/analysis";
import type { Completion } from "../../server/src/core/features/completion";
import { analyse } from "./analyse";
import { parseFixture } from "./fixture";

/** The snapshot of a fixture and the place of its `$0`. */
export function atCursor(raw: string): { analysis: Analysis; path: string; offset: number; text: string } {
  const { files, cursor } = parseFixture(raw);
  if (cursor === undefined) throw new Error("a fixture without $0");
  return { analysis: analyse(files), ...cursor, text: files.get(cursor.path) ?? "" };
}

/** The text after a completion was taken, its own `$0` and placeholders dropped. */
export function taken(text: string, { start, end, newText, isSnippet }: Completion): string {
  const inserted = isSnippet
    ? newText.replace(/\$\{1\|([^,|]*)[^}]*\}/g, "$1").replace(/\$\d/g, "")
    : newText;
  return text.slice(0, start) + inserted + text.slice(end);
}
