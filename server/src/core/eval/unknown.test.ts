// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// What is not known: it spreads to what needs it and to nothing else, and is never guessed.

import { expect, test } from "vitest";
import { evaluate, evaluated, shown } from "../../../../test/harness/evaluate";
import { type Lazy, openAttrs, openList, stringValue, unknownValue } from "./value";

const builtins = new Map<string, Lazy>([
  ["u", unknownValue("u")],
  [
    "open",
    openAttrs(new Map([["a", { value: stringValue("A"), nameSpan: undefined, span: undefined }]]), "open"),
  ],
  ["more", openList([stringValue("x")], "more")],
]);

/** With `__u` unknown, `__open` a set with `a` and perhaps more, `__more` a list with "x" and perhaps more. */
const show = (source: string, optimistic = true) => evaluated(source, { builtins, optimistic });

test("operations on something unknown are unknown, what does not need it is not", () => {
  expect(show("__u + 1")).toBe("<unknown: u>");
  expect(show("__u == 1")).toBe("<unknown: u>");
  expect(show("__u.a.b")).toBe("<unknown: u>");
  expect(show("__u ? a")).toBe("<unknown: u>");
  expect(show("[ 1 ] == [ __u ]")).toBe("<unknown: u>");
  expect(show("builtins.length [ __u __u ]")).toBe("2");
  expect(show("(builtins.tryEval __u).success")).toBe("<unknown: u>");
});

test("what is made of a text that is known in part is not that text", () => {
  expect(show('builtins.stringLength "a${__u}" + 1')).toBe("<unknown: u>");
  expect(show('(if "a${__u}" == "ab" then 1 else 2) + 1')).toBe(
    `<2 if "a\${__u}" == "ab" | 3 if not "a\${__u}" == "ab">`,
  );
  expect(show('builtins.fromJSON "1${__u}" + 1')).toBe("<unknown: u>");
  expect(show('builtins.seq "a${__u}" 1 + 1', false)).toBe("<unknown: u>");
});

test("an open set says nothing about what it may have", () => {
  expect(show("__open.a")).toBe('"A"');
  expect(show("__open ? a")).toBe("true");
  expect(show("__open ? b")).toBe("<unknown: open>");
  expect(show("__open.b")).toBe("<unknown: open>");
  expect(show('__open.b or "d"')).toBe('<<unknown: open> if __open has b | "d" if not __open has b>');
  expect(show("builtins.attrNames __open")).toBe("<unknown: open>");
  expect(show("__open == { }")).toBe("<unknown: open>");
  expect(show("({ a, b }: a) __open")).toBe('"A"');
});

test("an unknown right side may replace what is on the left", () => {
  expect(show("({ a = 1; } // __u).a")).toBe("<1 if not __u has a | <unknown: u> if __u has a>");
  expect(show("({ a = 1; } // __u) ? a")).toBe("true");
  expect(show("(__u // { a = 1; }).a")).toBe("1");
  expect(show("({ a = 1; b = 2; } // __open).a")).toBe('"A"');
});

test("lists keep what is certain and say that there may be more", () => {
  expect(show('builtins.elem "x" (__more ++ [ "y" ])')).toBe("true");
  expect(show('builtins.elem "z" (__more ++ [ "y" ])')).toBe("<unknown: more>");
  expect(show("builtins.length ([ 1 ] ++ __u)")).toBe("<unknown: u>");
  expect(show("builtins.head __more")).toBe("<unknown: more>");
});

test("an if with an unknown condition keeps both sides with the condition in the words of its source", () => {
  expect(show('if __u == "production" then [ 1 ] else [ ]')).toBe(
    '<[ 1 ] if __u == "production" | [ ] if not __u == "production">',
  );
  expect(show("(if __u then { a = 1; } else { a = 2; }).a + 1")).toBe("<2 if __u | 3 if not __u>");
  expect(show("if __u then 1 else 1")).toBe("1");
  expect(show('if __u then "${throw "x"}" else "b"')).toBe('<<error throw: x> if __u | "b" if not __u>');
});

test("one condition asked twice has one answer", () => {
  const source = 'let c = __u == 1; a = if c then "x" else "y"; b = if !c then "1" else "2"; in a + b';
  expect(show(source)).toBe('<"x2" if c | "y1" if not c>');
});

test("an assertion under an unknown condition does not certainly fail", () => {
  expect(show("assert __u; 1")).toBe("<1 if __u | <error assert: assertion '__u' failed> if not __u>");
});

test("a recursion through an unknown condition is not certain", () => {
  const { value, ctx } = evaluate("rec { x = if __u then y else 1; y = x + 1; }", { builtins });
  expect(shown(ctx, ctx.select(value, "x"))).toContain("1 if not __u");
  expect(shown(ctx, ctx.select(value, "y"))).not.toContain("error");
});

test("many unknown conditions join into one value instead of exploding", () => {
  const optional = Array.from({ length: 12 }, (_, i) => `(if __u == ${i} then [ ${i} ] else [ ])`);
  const { value } = evaluate(`[ 99 ] ++ ${optional.join(" ++ ")}`, { builtins });
  expect(["list", "alternatives", "unknown"]).toContain(value.kind);
});

test("where nothing may be assumed, all that hangs on it is unknown", () => {
  expect(show("{ a = 1; } // __u", false)).toBe("<unknown: u>");
  expect(show("if __u then 1 else 1", false)).toBe("<unknown: u>");
  expect(show("builtins.seq __u 1", false)).toBe("<unknown: u>");
  expect(show("({ a ? 1 }: 2) __u", false)).toBe("<unknown: u>");
});

test("a derivation has known arguments and unknown paths", () => {
  const source = 'derivation { name = "n"; builder = "b"; system = "s"; outputs = [ "out" "dev" ]; }';
  expect(evaluated(`(${source}).dev.outputName`)).toBe('"dev"');
  expect(evaluated(`(${source}).name`)).toBe('"n"');
  expect(evaluated(`"\${${source}}/bin"`)).toBe("<unknown: the store path of a derivation>");
});

test("a place in the store is a string, though not which one", () => {
  expect(evaluated('"${./a}/b" == null')).toBe("false");
  expect(evaluated('null != "${./a}"')).toBe("true");
  expect(evaluated('[ ] == "${./a}"')).toBe("false");
  expect(evaluated('"${./a}" == "x"')).toBe("<unknown: the store path of /repo/a>");
});
