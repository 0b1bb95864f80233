// Numbers as Nix computes and prints them: 64-bit integers that must not overflow, and doubles.

import type { Span } from "../text/span";
import { errorValue, floatValue, intValue, type KnownValue, type Value } from "./value";

export type ArithmeticOperator = "+" | "-" | "*" | "/";

const WORDS = { "+": "adding", "-": "subtracting", "*": "multiplying", "/": "dividing" } as const;

/** Two integers give an integer, otherwise floats. Both must be numbers. */
export function arithmetic(
  operator: ArithmeticOperator,
  left: KnownValue,
  right: KnownValue,
  span: Span | undefined,
): Value {
  if (left.kind === "int" && right.kind === "int") return integers(operator, left.value, right.value, span);
  const a = numberOf(left);
  const b = numberOf(right);
  if (operator === "/" && b === 0) return errorValue("evaluation", "division by zero", span);
  return floatValue(
    operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b,
    span,
  );
}

function integers(operator: ArithmeticOperator, a: bigint, b: bigint, span: Span | undefined): Value {
  if (operator === "/" && b === 0n) return errorValue("evaluation", "division by zero", span);
  const result = operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : a / b;
  if (BigInt.asIntN(64, result) === result) return intValue(result, span);
  return errorValue("evaluation", `integer overflow in ${WORDS[operator]} ${a} ${operator} ${b}`, span);
}

export function numberOf(value: KnownValue): number {
  if (value.kind === "int") return Number(value.value);
  return value.kind === "float" ? value.value : Number.NaN;
}

export function isNumber(value: KnownValue): boolean {
  return value.kind === "int" || value.kind === "float";
}

/** What `toString` makes of a float: six decimals, never an exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return Object.is(Math.sign(value), -0) ? "-nan" : "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Math.abs(value) < 1e21) return value.toFixed(6);
  return `${BigInt(value)}.000000`;
}

/** What printing a float gives (`%g`): six significant digits. */
export function shortFloatText(value: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "0", power = "0"] = value.toExponential(5).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) {
    const digits = `${Math.abs(exponent)}`.padStart(2, "0");
    return `${trimZeros(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return trimZeros(value.toFixed(Math.max(0, 5 - exponent)));
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
