// A grammar of random closed Nix expressions over all kinds of values. It is typed, so that most of them evaluate, and
// now and then breaks a type on purpose, so that errors are compared, too.
import fc from "fast-check";

export type Kind = "int" | "float" | "bool" | "string" | "ints" | "strings" | "attrs" | "any";

/** Draws a value of an arbitrary. */
type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

interface Variable {
  readonly name: string;
  readonly kind: Kind;
}

interface Context {
  readonly draw: Draw;
  readonly scope: readonly Variable[];
  readonly depth: number;
}

const KINDS: readonly Kind[] = ["int", "float", "bool", "string", "ints", "strings", "attrs"];
const NAMES = ["a", "b", "c", "x", "y", "foo", "with'", "b-c"];
const TEXTS = [
  "",
  "a",
  "ab",
  "b",
  "x y",
  "foo",
  "1.2.3",
  "é",
  "a/b.c",
  "-",
  "/",
  "${",
  "''",
  '"',
  "\\",
  "\n",
  "2pre",
  "foo-1.2",
];

/** An expression that needs no variables and no files. */
export function expression(draw: Draw): string {
  const kind = draw(fc.constantFrom(...KINDS));
  return write({ draw, scope: [], depth: draw(fc.integer({ min: 1, max: 5 })) }, kind);
}

function pick<T>(ctx: Context, ...options: readonly (() => T)[]): T {
  const index = ctx.draw(fc.nat(options.length - 1));
  const chosen = options[index];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen();
}

function chance(ctx: Context, percent: number): boolean {
  return ctx.draw(fc.nat(99)) < percent;
}

function deeper(ctx: Context, variables: readonly Variable[] = []): Context {
  return { ...ctx, depth: ctx.depth - 1, scope: [...ctx.scope, ...variables] };
}

function name(ctx: Context): string {
  return ctx.draw(fc.constantFrom(...NAMES));
}

function anyKind(ctx: Context): Kind {
  return ctx.draw(fc.constantFrom(...KINDS));
}

/** One expression, in parentheses where it needs them. */
function write(ctx: Context, wanted: Kind): string {
  let kind = wanted === "any" ? anyKind(ctx) : wanted;
  if (chance(ctx, 2)) kind = anyKind(ctx);
  const known = ctx.scope.filter(variable => variable.kind === kind);
  if (known.length > 0 && chance(ctx, 35)) return ctx.draw(fc.constantFrom(...known)).name;
  if (ctx.depth <= 0) return leaf(ctx, kind);
  return chance(ctx, 30) ? `(${anywhere(deeper(ctx), kind)})` : `(${operation(deeper(ctx), kind)})`;
}

function text(ctx: Context): string {
  return ctx.draw(fc.constantFrom(...TEXTS));
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]|\$\{/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function leaf(ctx: Context, kind: Kind): string {
  switch (kind) {
    case "int":
      return `${ctx.draw(fc.integer({ min: 0, max: 12 }))}`;
    case "float":
      return ctx
        .draw(fc.constantFrom("0.5", "1.0", "2.25", "-1.5", "100.0", ".75", "3.0e2"))
        .replace(/^-.*/, "(-1.5)");
    case "bool":
      return ctx.draw(fc.constantFrom("true", "false"));
    case "ints":
      return ctx.draw(fc.constantFrom("[]", "[1 2 3]", "[3 1 2 1]", "[0]"));
    case "strings":
      return ctx.draw(fc.constantFrom("[]", '["a" "b"]', '["x" "" "x"]', '["foo"]'));
    case "attrs":
      return ctx.draw(
        fc.constantFrom(
          "{}",
          "{ a = 1; }",
          '{ a = 1; b = "x"; }',
          "{ b.c = 2; b.d = 3; }",
          "rec { x = 1; y = x; }",
        ),
      );
    case "any":
      return "null";
    case "string":
      return quoted(text(ctx));
  }
}

/** Forms that may give any kind. */
function anywhere(ctx: Context, kind: Kind): string {
  const e = (wanted: Kind = kind) => write(ctx, wanted);
  return pick(
    ctx,
    () => `if ${e("bool")} then ${e()} else ${e()}`,
    () => letIn(ctx, kind),
    () => `with ${e("attrs")}; ${e()}`,
    () => `assert ${chance(ctx, 90) ? "true" : e("bool")}; ${e()}`,
    () => lambda(ctx, kind),
    () => formals(ctx, kind),
    () => recursive(ctx, kind),
    () => `{ ${name(ctx)} = ${e()}; }.${name(ctx)} or ${e()}`,
    () => `{ a.b = ${e()}; a.c = ${e("any")}; }.a.b`,
    () => `builtins.head [ ${e()} ${e("any")} ]`,
    () => `builtins.elemAt [ ${e("any")} ${e()} ] ${chance(ctx, 90) ? 1 : e("int")}`,
    () => `builtins.seq ${e("any")} ${e()}`,
    () => `builtins.deepSeq ${e("any")} ${e()}`,
    () => `(builtins.tryEval ${e()}).value`,
    () =>
      `let r = builtins.tryEval (${chance(ctx, 50) ? 'throw "t"' : `assert false; ${e()}`}); in if r.success then ${e()} else ${e()}`,
    () => `builtins.getAttr "a" { a = ${e()}; }`,
    () => `let inherit ({ q = ${e()}; }) q; in q`,
    () => `(x: x.f ${e("any")}) { f = _: ${e()}; }`,
    () => `{ __functor = self: v: ${e()}; } ${e("any")}`,
    () => `(builtins.listToAttrs [ { name = "k"; value = ${e()}; } ]).k`,
    () => `{ \${${chance(ctx, 90) ? '"d"' : e("string")}} = ${e()}; }.d`,
    () => (chance(ctx, 20) ? "null" : e()),
    () => (chance(ctx, 10) ? 'throw "x"' : e()),
  );
}

function letIn(ctx: Context, kind: Kind): string {
  const first: Variable = { name: name(ctx), kind: anyKind(ctx) };
  const second: Variable = { name: `${name(ctx)}2`, kind: anyKind(ctx) };
  const inner = deeper(ctx, [first, second]);
  const value = write(chance(ctx, 90) ? ctx : inner, first.kind);
  return `let ${first.name} = ${value}; ${second.name} = ${write(deeper(ctx, [first]), second.kind)}; in ${write(inner, kind)}`;
}

function lambda(ctx: Context, kind: Kind): string {
  const variable: Variable = { name: name(ctx), kind: anyKind(ctx) };
  return `(${variable.name}: ${write(deeper(ctx, [variable]), kind)}) ${write(ctx, variable.kind)}`;
}

function formals(ctx: Context, kind: Kind): string {
  const [one, two]: [Variable, Variable] = [
    { name: "p", kind: anyKind(ctx) },
    { name: "q", kind: anyKind(ctx) },
  ];
  const inner = deeper(ctx, [one, two]);
  const fallback = chance(ctx, 85) ? ` ? ${write(deeper(ctx, [one]), two.kind)}` : "";
  const pattern = `{ p, q${fallback}${chance(ctx, 50) ? ", ..." : ""} }${chance(ctx, 30) ? "@args" : ""}`;
  const extra = chance(ctx, 15) ? " z = 1;" : "";
  const given = chance(ctx, 50) ? ` q = ${write(ctx, two.kind)};` : "";
  const first = chance(ctx, 95) ? ` p = ${write(ctx, one.kind)};` : "";
  return `(${pattern}: ${write(inner, kind)}) {${first}${given}${extra} }`;
}

function recursive(ctx: Context, kind: Kind): string {
  const variable: Variable = { name: name(ctx), kind: anyKind(ctx) };
  const inner = deeper(ctx, [variable]);
  return `rec { ${variable.name} = ${write(ctx, variable.kind)}; z9 = ${write(inner, kind)}; }.z9`;
}

function operation(ctx: Context, kind: Kind): string {
  switch (kind) {
    case "int":
      return intOperation(ctx);
    case "float":
      return floatOperation(ctx);
    case "bool":
      return boolOperation(ctx);
    case "string":
      return stringOperation(ctx);
    case "ints":
      return listOperation(ctx, "int");
    case "strings":
      return listOperation(ctx, "string");
    default:
      return attrsOperation(ctx);
  }
}

function intOperation(ctx: Context): string {
  const e = (kind: Kind) => write(ctx, kind);
  return pick(
    ctx,
    () => `${e("int")} ${ctx.draw(fc.constantFrom("+", "-", "*"))} ${e("int")}`,
    () => `${e("int")} / ${e("int")}`,
    () => `-${e("int")}`,
    () => `builtins.length ${e(chance(ctx, 50) ? "ints" : "strings")}`,
    () => `builtins.stringLength ${e("string")}`,
    () => `builtins.foldl' (acc: i: acc ${ctx.draw(fc.constantFrom("+", "-"))} i) ${e("int")} ${e("ints")}`,
    () => `builtins.compareVersions ${e("string")} ${e("string")}`,
    () =>
      `builtins.${ctx.draw(fc.constantFrom("bitAnd", "bitOr", "bitXor", "add", "sub"))} ${e("int")} ${e("int")}`,
    () => `builtins.${ctx.draw(fc.constantFrom("floor", "ceil"))} ${e("float")}`,
    () => `builtins.length (builtins.attrNames ${e("attrs")})`,
    () => `builtins.fromJSON ${quoted(String(ctx.draw(fc.integer())))}`,
  );
}

function floatOperation(ctx: Context): string {
  const e = (kind: Kind) => write(ctx, kind);
  return pick(
    ctx,
    () =>
      `${e("float")} ${ctx.draw(fc.constantFrom("+", "-", "*", "/"))} ${e(chance(ctx, 50) ? "float" : "int")}`,
    () => `${e("int")} ${ctx.draw(fc.constantFrom("+", "-", "*"))} ${e("float")}`,
    () => `-${e("float")}`,
    () => `builtins.fromJSON "${ctx.draw(fc.constantFrom("1.5", "-2.25", "1e3", "1.25e-1"))}"`,
  );
}

function boolOperation(ctx: Context): string {
  const e = (kind: Kind) => write(ctx, kind);
  const same = anyKind(ctx);
  const comparable = ctx.draw(fc.constantFrom<Kind>("int", "float", "string", "ints", "strings"));
  const test = ctx.draw(
    fc.constantFrom(
      "isInt",
      "isString",
      "isList",
      "isAttrs",
      "isFunction",
      "isBool",
      "isFloat",
      "isNull",
      "isPath",
    ),
  );
  return pick(
    ctx,
    () => `${e("bool")} ${ctx.draw(fc.constantFrom("&&", "||", "->"))} ${e("bool")}`,
    () => `!${e("bool")}`,
    () => `${e(same)} ${ctx.draw(fc.constantFrom("==", "!="))} ${e(chance(ctx, 80) ? same : "any")}`,
    () => `${e(comparable)} ${ctx.draw(fc.constantFrom("<", "<=", ">", ">="))} ${e(comparable)}`,
    () => `${e("attrs")} ? ${name(ctx)}`,
    () => `${e("attrs")} ? a.b`,
    () => `builtins.hasAttr ${e("string")} ${e("attrs")}`,
    () => `builtins.${test} ${e("any")}`,
    () => `builtins.elem ${e("int")} ${e("ints")}`,
    () => `builtins.elem ${e("string")} ${e("strings")}`,
    () => `builtins.${ctx.draw(fc.constantFrom("any", "all"))} (i: i > 1) ${e("ints")}`,
    () => `builtins.lessThan ${e(comparable)} ${e(comparable)}`,
    () => `(builtins.tryEval ${e("any")}).success`,
    () => `(f: f == f) (x: x)`,
    () => `builtins.match ${regex(ctx)} ${e("string")} == null`,
  );
}

function regex(ctx: Context): string {
  const patterns = [
    "a*",
    "(a|b)+",
    "([a-z]+)(.*)",
    "x? ?y?",
    "[[:alpha:]]*",
    "(.*)-(.*)",
    "[^/]*/(.*)",
    "\\.",
    "(a)|(b)",
    "[0-9.]+",
    "",
    "(a?)*",
    "a|ab",
  ];
  return quoted(ctx.draw(fc.constantFrom(...patterns)));
}

function stringOperation(ctx: Context): string {
  const e = (kind: Kind) => write(ctx, kind);
  return pick(
    ctx,
    () => `${e("string")} + ${e("string")}`,
    () =>
      `"${text(ctx).replace(/["\\]|\$\{/g, "")}\${${e("string")}}b\${${chance(ctx, 90) ? e("string") : e("any")}}"`,
    () => `''\n  i\${${e("string")}}\n    j''\${k}\n''`,
    () => `toString ${e("any")}`,
    () => `toString [ ${e("any")} ${e("any")} ${e("strings")} ]`,
    () => `builtins.concatStringsSep ${e("string")} ${e("strings")}`,
    () => `builtins.substring ${e("int")} ${chance(ctx, 80) ? e("int") : "(-1)"} ${e("string")}`,
    () => `builtins.replaceStrings [ ${e("string")} "a" ] [ ${e("string")} "Z" ] ${e("string")}`,
    () => `builtins.toJSON ${e(chance(ctx, 60) ? "attrs" : "any")}`,
    () => `builtins.typeOf ${e("any")}`,
    () => `baseNameOf ${e("string")}`,
    () => `dirOf ${e("string")}`,
    () => `(builtins.parseDrvName ${e("string")}).${ctx.draw(fc.constantFrom("name", "version"))}`,
    () =>
      `builtins.hashString "${ctx.draw(fc.constantFrom("md5", "sha1", "sha256", "sha512"))}" ${e("string")}`,
    () => `"\${{ outPath = ${e("string")}; }}" + { __toString = s: ${e("string")}; }`,
    () => `toString (/a/../b + ${e("string")})`,
    () => `toString (/. + "/x/./\${${e("string")}}")`,
    () => `builtins.toXML ${e("any")}`,
    () => `builtins.unsafeDiscardStringContext ${e("string")}`,
  );
}

function listOperation(ctx: Context, item: "int" | "string"): string {
  const list: Kind = item === "int" ? "ints" : "strings";
  const e = (kind: Kind) => write(ctx, kind);
  const f = (result: Kind) => `(v: ${write(deeper(ctx, [{ name: "v", kind: item }]), result)})`;
  const common = [
    () => `${e(list)} ++ ${e(list)}`,
    () => `[ ${e(item)} ${e(item)} ]`,
    () => `map ${f(item)} ${e(list)}`,
    () => `builtins.filter ${f("bool")} ${e(list)}`,
    () =>
      `builtins.sort ${ctx.draw(fc.constantFrom("builtins.lessThan", "(a: b: a > b)", "(a: b: a <= b)", "(a: b: true)"))} ${e(list)}`,
    () => `builtins.tail ${e(list)}`,
    () => `builtins.concatLists [ ${e(list)} ${e(list)} ]`,
    () => `builtins.concatMap (v: [ v ${write(deeper(ctx, [{ name: "v", kind: item }]), item)} ]) ${e(list)}`,
    () => `(builtins.partition ${f("bool")} ${e(list)}).${ctx.draw(fc.constantFrom("right", "wrong"))}`,
    () => `builtins.foldl' (acc: v: [ v ] ++ acc) ${e(list)} ${e(list)}`,
    () =>
      `map (s: s.key) (builtins.genericClosure { startSet = map (key: { inherit key; }) ${e(list)}; operator = i: []; })`,
    () => `builtins.catAttrs "a" [ { a = ${e(item)}; } ${e("attrs")} ]`,
    () => `builtins.attrValues { b = ${e(item)}; a = ${e(item)}; }`,
  ];
  if (item === "int") {
    return pick(
      ctx,
      ...common,
      () => `builtins.genList (i: i * ${e("int")}) ${chance(ctx, 90) ? 3 : e("int")}`,
    );
  }
  return pick(
    ctx,
    ...common,
    () => `builtins.attrNames ${e("attrs")}`,
    () => `builtins.splitVersion ${e("string")}`,
    () => `builtins.filter builtins.isString (builtins.split ${regex(ctx)} ${e("string")})`,
    () =>
      `builtins.concatMap (m: if builtins.isList m then builtins.filter builtins.isString m else [ m ]) (builtins.split ${regex(ctx)} ${e("string")})`,
    () =>
      `let m = builtins.match ${regex(ctx)} ${e("string")}; in if m == null then [] else map (g: if g == null then "-" else g) m`,
  );
}

function attrsOperation(ctx: Context): string {
  const e = (kind: Kind) => write(ctx, kind);
  return pick(
    ctx,
    () => `${e("attrs")} // ${e("attrs")}`,
    () => `{ ${name(ctx)} = ${e("any")}; ${name(ctx)}9.${name(ctx)} = ${e("any")}; }`,
    () => `{ ${name(ctx)} = ${e("any")}; ${name(ctx)}.x = ${e("any")}; }`,
    () => `{ k = { x = ${e("any")}; }; k.y = ${e("any")}; k.z = { w = ${e("any")}; }; }`,
    () => `rec { x = ${e("any")}; y = x; \${${e("string")}} = x; }`,
    () =>
      `builtins.mapAttrs (n: v: ${pick(
        ctx,
        () => "n",
        () => "v",
        () => e("any"),
      )}) ${e("attrs")}`,
    () => `removeAttrs ${e("attrs")} ${e("strings")}`,
    () => `builtins.intersectAttrs ${e("attrs")} ${e("attrs")}`,
    () => `builtins.listToAttrs (map (name: { inherit name; value = ${e("any")}; }) ${e("strings")})`,
    () => `builtins.groupBy (i: if i > 1 then "m" else "l") ${e("ints")}`,
    () => `builtins.zipAttrsWith (n: vs: builtins.length vs) [ ${e("attrs")} ${e("attrs")} ]`,
    () => `builtins.functionArgs ({ a, b ? 1 }: 1)`,
    () => `builtins.parseDrvName ${e("string")}`,
    () => `builtins.tryEval ${e("any")}`,
    () => `let s = { ${name(ctx)} = ${e("any")}; }; in s // { inherit s; }`,
    () => `with { a = ${e("any")}; }; { inherit a; b = let a = ${e("any")}; in a; }`,
    () => `builtins.fromJSON ${quoted(JSON.stringify({ a: [1, 2.5, null, true], b: { c: "x" } }))}`,
    () => `builtins.fromTOML "a = 1\\n[b]\\nc = [ \\"x\\", \\"y\\" ]"`,
    () => `{ inherit (${e("attrs")}) ${chance(ctx, 30) ? name(ctx) : ""}; }`,
  );
}
