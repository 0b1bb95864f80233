// Operators on values that stand on the page: `!`, `-`, `++`, `+` and `//`.

import type { BinaryExpr } from "../syntax/expr";
import type { Span } from "../text/span";
import { alternativesDatum, branchCount, combine, MAX_BRANCHES } from "./conditionalDatum";
import { type Datum, type TextDatum, unknownDatum } from "./datum";
import type { Read } from "./literalReader";
import { joinTexts, unknownTextAt } from "./textDatum";

/** `!` of a boolean and `-` of a number. */
export function readUnary(span: Span, operator: "!" | "-", operand: Datum): Datum {
  if (operand.kind !== "scalar") return unknownDatum(span, "computed");
  const { value } = operand;
  if (operator === "!" && typeof value === "boolean") return { ...operand, span, value: !value };
  if (operator === "-" && (typeof value === "number" || typeof value === "bigint"))
    return { ...operand, span, value: -value };
  return unknownDatum(span, "computed");
}

/** What an operator makes of its sides. */
export function readBinary(span: Span, expr: BinaryExpr, read: Read): Datum {
  switch (expr.operator) {
    case "++":
      return concatLists(span, read(expr.left), read(expr.right));
    case "+":
      return concatTexts(span, read(expr.left), read(expr.right));
    case "//":
      return combine(read(expr.left), read(expr.right), (a, b) => updateAttrs(span, a, b));
    default:
      return unknownDatum(span, "computed");
  }
}

/** `a ++ b`. An unknown side leaves a list of the other's items and perhaps more. */
export function concatLists(span: Span, a: Datum, b: Datum): Datum {
  if (branchCount(a) * branchCount(b) > MAX_BRANCHES) {
    return { kind: "list", span, items: [...perhaps(a), ...perhaps(b)], complete: false };
  }
  return combine(a, b, (left, right) => {
    if (left.kind !== "list" && right.kind !== "list") return unknownDatum(span, "computed");
    const items = [
      ...(left.kind === "list" ? left.items : []),
      ...(right.kind === "list" ? right.items : []),
    ];
    const complete = left.kind === "list" && left.complete && right.kind === "list" && right.complete;
    return { kind: "list", span, items, complete };
  });
}

/** The items of a list that may or may not be there, each with its condition. */
function perhaps(datum: Datum): readonly Datum[] {
  if (datum.kind === "list") return datum.items;
  if (datum.kind !== "alternatives") return [];
  return datum.branches.flatMap(({ condition, value }) =>
    perhaps(value).map(item =>
      alternativesDatum(item.span, condition, item, unknownDatum(item.span, "not in the list then")),
    ),
  );
}

function concatTexts(span: Span, a: Datum, b: Datum): Datum {
  if (branchCount(a) * branchCount(b) > MAX_BRANCHES) return unknownDatum(span, "too many cases");
  return combine(a, b, (left, right) => {
    if (left.kind !== "text" && right.kind !== "text") return unknownDatum(span, "computed");
    if (left.kind === "path" || right.kind === "path") return unknownDatum(span, "computed");
    const text = (datum: Datum): TextDatum => (datum.kind === "text" ? datum : unknownTextAt(datum.span));
    return joinTexts(span, [text(left), text(right)]);
  });
}

function updateAttrs(span: Span, a: Datum, b: Datum): Datum {
  if (a.kind !== "attrs" || b.kind !== "attrs") return unknownDatum(span, "computed");
  return {
    kind: "attrs",
    span,
    entries: new Map([...a.entries, ...b.entries]),
    complete: a.complete && b.complete,
  };
}
