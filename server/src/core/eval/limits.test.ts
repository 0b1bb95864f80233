// Hostile and endless programs end, quickly, in an error or in Unknown; what does not need them still evaluates.

import { expect, test } from "vitest";
import { evaluate, evaluated, shown } from "../../../../test/harness/evaluate";

const ENDLESS: Readonly<Record<string, string>> = {
  "a list of ten million items": "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 10000000)",
  "endless recursion": "let f = x: f (x + 1); in f 0",
  "exponential recursion": "let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 60",
  "a string that doubles": 'let d = s: d (s + s); in d "aaaaaaaa"',
  "an endless closure":
    "builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }",
  "endless data": "let f = n: { x = f (n + 1); }; in builtins.toJSON (f 0)",
  "a chain of a hundred thousand thunks":
    "builtins.foldl' (a: b: c: a c + b) (c: c) (builtins.genList (x: x) 100000) 1",
  "deep nesting": `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  "a long chain of operators": Array(20_000).fill("1").join("+"),
};

for (const [what, source] of Object.entries(ENDLESS)) {
  test(`${what} ends`, () => {
    const { value, ctx } = evaluate(source, { limits: { steps: 300_000 } });
    expect(shown(ctx, value)).toMatch(/^<unknown: (limit|cannot be parsed)>$/);
  });
}

test("certain recursions are errors", () => {
  expect(evaluated("let a = b; b = a; in a")).toBe(
    "<error infinite-recursion: infinite recursion encountered>",
  );
  expect(evaluated("let l = [ 1 ] ++ l; in l")).toBe(
    "<error infinite-recursion: infinite recursion encountered>",
  );
  expect(evaluated({ "main.nix": "import ./b.nix", "b.nix": "import ./main.nix" })).toBe(
    "<error infinite-recursion: infinite recursion encountered>",
  );
});

test("a stack overflow leaves the rest of the evaluation alone", () => {
  const { value, ctx } = evaluate("{ deep = let f = x: 1 + f (x + 1); in f 0; flat = 1; sum = 1 + 2; }");
  expect(shown(ctx, ctx.select(value, "deep"))).toBe("<unknown: limit>");
  expect(shown(ctx, ctx.select(value, "flat"))).toBe("1");
  expect(shown(ctx, ctx.select(value, "sum"))).toBe("3");
});

test("large but finite work is done", () => {
  expect(evaluated("builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 100000)")).toBe("4999950000");
  expect(
    evaluated("builtins.length (builtins.foldl' (a: b: a ++ [ b ]) [ ] (builtins.genList (x: x) 500))"),
  ).toBe("500");
  const text = "x".repeat(5_000_000);
  expect(evaluated(`builtins.stringLength "${text}"`)).toBe("5000000");
});
