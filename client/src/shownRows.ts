// The rows that a view shows, and which of them look different now. While VS Code draws rows anew a key on one of them may be
// lost, and its hover closes: every edit tells a new fleet, so only the rows that it changed are drawn anew.

import { isDeepStrictEqual } from "node:util";
import type { TreeNodeData } from "./treeNode";

export class ShownRows {
  #roots: readonly TreeNodeData[] = [];
  /** The objects by which VS Code knows the rows it has asked for, by row id. */
  readonly #handed = new Map<string, TreeNodeData>();
  /** What these rows are now, by id, where that is another object. */
  readonly #now = new Map<string, TreeNodeData>();
  /** Rows whose children VS Code has asked for. */
  readonly #unfolded = new Set<string>();
  #parents: Map<string, TreeNodeData | undefined> | undefined;

  get isEmpty(): boolean {
    return this.#roots.length === 0;
  }

  /** Replaces all rows. Answers the rows, as VS Code knows them, to draw anew with all that is below them; `all` for every one. */
  replace(roots: readonly TreeNodeData[]): readonly TreeNodeData[] | "all" {
    const before = this.#roots;
    this.#roots = roots;
    this.#parents = undefined;
    if (haveSameRows(before, roots)) return this.#outdated(before, roots);
    this.#handed.clear();
    this.#now.clear();
    this.#unfolded.clear();
    return "all";
  }

  /** Replaces one row of the top, and answers as `replace` does. Of a row that is not there nothing happens. */
  replaceOne(row: TreeNodeData): readonly TreeNodeData[] | "all" {
    return this.replace(this.#roots.map(shown => (shown.id === row.id ? row : shown)));
  }

  /** What a row that VS Code knows is now. */
  current(known: TreeNodeData): TreeNodeData {
    return this.#now.get(known.id) ?? known;
  }

  /** The rows below a row, or those of the top, for VS Code, which knows them by these objects from now on. */
  hand(known: TreeNodeData | undefined): readonly TreeNodeData[] {
    const rows = known === undefined ? this.#roots : (this.current(known).children ?? []);
    if (known !== undefined) this.#unfolded.add(known.id);
    for (const row of rows) {
      this.#handed.set(row.id, row);
      this.#now.delete(row.id);
    }
    return rows;
  }

  /** The row above one, as VS Code knows it. */
  parent(row: TreeNodeData): TreeNodeData | undefined {
    this.#parents ??= parentsOf(this.#roots);
    return this.#known(this.#parents.get(row.id));
  }

  /** The row with this id, as VS Code knows it. */
  find(id: string): TreeNodeData | undefined {
    return this.#known(find(this.#roots, id));
  }

  #known(row: TreeNodeData | undefined): TreeNodeData | undefined {
    return row === undefined ? undefined : (this.#handed.get(row.id) ?? row);
  }

  #outdated(before: readonly TreeNodeData[], now: readonly TreeNodeData[]): TreeNodeData[] {
    return now.flatMap((row, index) => this.#outdatedOf(before[index], row));
  }

  #outdatedOf(before: TreeNodeData | undefined, now: TreeNodeData): TreeNodeData[] {
    const known = this.#handed.get(now.id);
    // a row that VS Code has not asked for is right when it asks
    if (before === undefined || before === now || known === undefined) return [];
    this.#now.set(now.id, now);
    if (!lookSame(before, now)) return [known];
    // looking at children that nobody has seen would make lazy ones
    if (!this.#unfolded.has(now.id)) return [];
    const [above, below] = [before.children ?? [], now.children ?? []];
    return haveSameRows(above, below) ? this.#outdated(above, below) : [known];
  }
}

/** VS Code hands commands the row that it knows: where rows are about something else now, it has to ask for them again. */
function haveSameRows(before: readonly TreeNodeData[], now: readonly TreeNodeData[]): boolean {
  return (
    before.length === now.length &&
    before.every((row, index) => {
      const other = now[index];
      return row === other || (row.id === other?.id && isDeepStrictEqual(row.subject, other.subject));
    })
  );
}

function lookSame(before: TreeNodeData, now: TreeNodeData): boolean {
  const fields = Object.keys(now) as (keyof TreeNodeData)[];
  if (fields.length !== Object.keys(before).length) return false;
  // to look at lazy children would make them
  return fields.every(field =>
    field === "children"
      ? field in before
      : before[field] === now[field] || isDeepStrictEqual(before[field], now[field]),
  );
}

function parentsOf(
  rows: readonly TreeNodeData[],
  parent?: TreeNodeData,
  parents = new Map<string, TreeNodeData | undefined>(),
): Map<string, TreeNodeData | undefined> {
  for (const row of rows) {
    parents.set(row.id, parent);
    parentsOf(row.children ?? [], row, parents);
  }
  return parents;
}

function find(rows: readonly TreeNodeData[], id: string): TreeNodeData | undefined {
  for (const row of rows) {
    const found = row.id === id ? row : find(row.children ?? [], id);
    if (found !== undefined) return found;
  }
  return undefined;
}
