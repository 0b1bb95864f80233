// Joining the values of several branches into one: conditions that exclude each other are dropped, equal results
// fall together, and too many branches become one value that says less.

import type { Span } from "../text/span";
import {
  type Attr,
  type AttrsValue,
  type BranchCondition,
  type ListValue,
  openAttrs,
  openList,
  unknownValue,
  type Value,
  type ValueBranch,
} from "./value";

/** More branches than this are joined into one value. */
export const MAX_BRANCHES = 24;

/** A branch whose value may again be alternatives. */
export interface LooseBranch {
  readonly conditions: readonly BranchCondition[];
  readonly value: Value;
}

/** One value out of several branches. */
export function joinBranches(loose: readonly LooseBranch[], span: Span | undefined): Value {
  const branches: ValueBranch[] = [];
  for (const { conditions, value } of loose) {
    if (value.kind !== "alternatives") branches.push({ conditions, value });
    else {
      for (const inner of value.branches) {
        const both = allOf(conditions, inner.conditions);
        if (both !== undefined) branches.push({ conditions: both, value: inner.value });
      }
    }
  }
  const first = branches[0];
  if (first === undefined) return unknownValue("conditions exclude each other", span);
  if (branches.every(branch => sameValue(branch.value, first.value))) return first.value;
  if (branches.length > MAX_BRANCHES) return joinTooMany(branches, span);
  return { kind: "alternatives", branches, span };
}

/** Both sets of conditions together; undefined if they contradict each other. */
export function allOf(
  left: readonly BranchCondition[],
  right: readonly BranchCondition[],
): readonly BranchCondition[] | undefined {
  const result = [...left];
  for (const condition of right) {
    const known = left.find(other => other.subject === condition.subject);
    if (known === undefined) result.push(condition);
    else if (known.sense !== condition.sense) return undefined;
  }
  return result;
}

/** Certainly the same plain value (or the very same object). */
function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === "bool" && b.kind === "bool") return a.value === b.value;
  if (a.kind === "int" && b.kind === "int") return a.value === b.value;
  if (a.kind === "string" && b.kind === "string") return a.text === b.text;
  if (a.kind === "path" && b.kind === "path") return a.path === b.path;
  return a.kind === "null" && b.kind === "null";
}

const TOO_MANY = "hangs on too many unknown conditions";

function joinTooMany(branches: readonly ValueBranch[], span: Span | undefined): Value {
  const lists: ListValue[] = [];
  const sets: AttrsValue[] = [];
  for (const { value } of branches) {
    if (value.kind === "list") lists.push(value);
    else if (value.kind === "attrs") sets.push(value);
  }
  const [firstList, ...otherLists] = lists;
  if (firstList !== undefined && lists.length === branches.length) {
    const others = otherLists.map(list => new Set(list.items));
    return openList(
      firstList.items.filter(item => others.every(items => items.has(item))),
      TOO_MANY,
      span,
    );
  }
  const [firstSet, ...otherSets] = sets;
  if (firstSet !== undefined && sets.length === branches.length) {
    const common = new Map<string, Attr>();
    for (const [name, attr] of firstSet.attrs) {
      const everywhere = otherSets.every(set => set.attrs.has(name));
      const same = otherSets.every(set => set.attrs.get(name)?.value === attr.value);
      if (everywhere) common.set(name, same ? attr : { ...attr, value: unknownValue(TOO_MANY, attr.span) });
    }
    return openAttrs(common, TOO_MANY, span);
  }
  return unknownValue(TOO_MANY, span);
}
