// Builtins on numbers.

import type { Span } from "../../text/span";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { type ArithmeticOperator, arithmetic, isNumber } from "../numbers";
import { intValue, type Lazy, unknownValue, type Value } from "../value";
import { arg, type NativeBuiltin } from "./native";

function calculate(
  ctx: Evaluation,
  operator: ArithmeticOperator,
  left: Lazy,
  right: Lazy,
  site: Span | undefined,
): Value {
  return ctx.use(left, a =>
    ctx.use(right, b => {
      if (!isNumber(a)) return expected("an integer", a, site);
      return isNumber(b) ? arithmetic(operator, a, b, site) : expected("an integer", b, site);
    }),
  );
}

function bits(name: string, combine: (a: bigint, b: bigint) => bigint): NativeBuiltin {
  return [
    name,
    2,
    (ctx, args, site) =>
      ctx.useInt(arg(args, 0), site, a =>
        ctx.useInt(arg(args, 1), site, b => intValue(BigInt.asIntN(64, combine(a, b)), site)),
      ),
  ];
}

function rounded(name: string, round: (value: number) => number): NativeBuiltin {
  return [
    name,
    1,
    (ctx, args, site) =>
      ctx.use(arg(args, 0), value => {
        if (value.kind === "int") {
          // Older versions of Nix go through a float and lose precision.
          return Number.isSafeInteger(Number(value.value))
            ? value
            : unknownValue("a huge integer as a float", site);
        }
        if (value.kind !== "float") return expected("a float", value, site);
        const result = round(value.value);
        return Number.isSafeInteger(result)
          ? intValue(result, site)
          : unknownValue("a float beyond integers", site);
      }),
  ];
}

export const NUMBER_BUILTINS: readonly NativeBuiltin[] = [
  ["add", 2, (ctx, args, site) => calculate(ctx, "+", arg(args, 0), arg(args, 1), site)],
  ["sub", 2, (ctx, args, site) => calculate(ctx, "-", arg(args, 0), arg(args, 1), site)],
  ["mul", 2, (ctx, args, site) => calculate(ctx, "*", arg(args, 0), arg(args, 1), site)],
  ["div", 2, (ctx, args, site) => calculate(ctx, "/", arg(args, 0), arg(args, 1), site)],
  bits("bitAnd", (a, b) => a & b),
  bits("bitOr", (a, b) => a | b),
  bits("bitXor", (a, b) => a ^ b),
  rounded("ceil", Math.ceil),
  rounded("floor", Math.floor),
];
