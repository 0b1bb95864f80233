// A unified diff of two texts that differ by a few edits: what `patch` and `git apply` take.

const CONTEXT = 3;

interface Hunk {
  /** Lines of both texts, from 0, end exclusive. */
  oldStart: number;
  oldEnd: number;
  newStart: number;
  newEnd: number;
}

/** The diff of one file; empty where the texts are equal. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const old = linesOf(before);
  const fresh = linesOf(after);
  const hunks = withContext(changesOf(old, fresh), old.length, fresh.length);
  const body = hunks.map(hunk => hunkText(hunk, old, fresh)).join("");
  return `--- ${fileName(`a/${path}`)}\n+++ ${fileName(`b/${path}`)}\n${body}`;
}

/** As Git writes it: in quotes with escapes where the name would end the line, and ended by a tab where it holds blanks. */
function fileName(path: string): string {
  const quoted = path.replace(/["\\]/g, "\\$&").replace(CONTROL, octal);
  if (quoted !== path) return `"${quoted}"`;
  return path.includes(" ") ? `${path}\t` : path;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
const CONTROL = /[\u0000-\u001f\u007f]/g;

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/** Lines with their line breaks, so that a missing last one shows. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The stretches that differ, by the longest common subsequence between the equal ends. */
function changesOf(old: readonly string[], fresh: readonly string[]): readonly Hunk[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  const a = old.slice(head, old.length - tail);
  const b = fresh.slice(head, fresh.length - tail);
  // Beyond this the table would be larger than any real set of fixes deserves: one hunk says it as well.
  if (a.length * b.length > 4_000_000) {
    return [{ oldStart: head, oldEnd: head + a.length, newStart: head, newEnd: head + b.length }];
  }
  return stretches(a, b, head);
}

function stretches(a: readonly string[], b: readonly string[], offset: number): readonly Hunk[] {
  const table = commonLengths(a, b);
  const width = b.length + 1;
  const found: Hunk[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [oldStart, newStart] = [i, j];
    while ((i < a.length || j < b.length) && (i >= a.length || j >= b.length || a[i] !== b[j])) {
      const down = i < a.length ? (table[(i + 1) * width + j] ?? 0) : -1;
      const right = j < b.length ? (table[i * width + j + 1] ?? 0) : -1;
      if (down >= right) i++;
      else j++;
    }
    const range = { oldStart: oldStart + offset, oldEnd: i + offset };
    found.push({ ...range, newStart: newStart + offset, newEnd: j + offset });
  }
  return found;
}

/** `table[i * (b.length + 1) + j]`: how many lines `a` from i and `b` from j have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
    }
  }
  return table;
}

/** Hunks with the equal lines around them; those that touch become one. */
function withContext(changes: readonly Hunk[], oldLength: number, newLength: number): readonly Hunk[] {
  const hunks: Hunk[] = [];
  for (const change of changes) {
    const before = Math.min(CONTEXT, change.oldStart, change.newStart);
    const after = Math.min(CONTEXT, oldLength - change.oldEnd, newLength - change.newEnd);
    const hunk = {
      oldStart: change.oldStart - before,
      oldEnd: change.oldEnd + after,
      newStart: change.newStart - before,
      newEnd: change.newEnd + after,
    };
    const last = hunks.at(-1);
    if (last === undefined || hunk.oldStart > last.oldEnd) hunks.push(hunk);
    else Object.assign(last, { oldEnd: hunk.oldEnd, newEnd: hunk.newEnd });
  }
  return hunks;
}

function hunkText(hunk: Hunk, old: readonly string[], fresh: readonly string[]): string {
  const a = old.slice(hunk.oldStart, hunk.oldEnd);
  const b = fresh.slice(hunk.newStart, hunk.newEnd);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  for (const change of stretches(a, b, 0)) {
    for (; i < change.oldStart; i++, j++) lines.push(diffLine(" ", a[i] ?? ""));
    for (; i < change.oldEnd; i++) lines.push(diffLine("-", a[i] ?? ""));
    for (; j < change.newEnd; j++) lines.push(diffLine("+", b[j] ?? ""));
  }
  for (; i < a.length; i++) lines.push(diffLine(" ", a[i] ?? ""));
  return `@@ -${extent(hunk.oldStart, a.length)} +${extent(hunk.newStart, b.length)} @@\n${lines.join("")}`;
}

function extent(start: number, length: number): string {
  return `${length === 0 ? start : start + 1}${length === 1 ? "" : `,${length}`}`;
}

function diffLine(mark: " " | "-" | "+", line: string): string {
  return line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}
