// Random module systems as Nix expressions over `lib`: options of many types, definitions wrapped in every property,
// imports, functions, submodules, references between options.

/** A small generator of pseudo-random numbers, so that a seed names a system. */
function randomSource(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  return {
    below: n => next() % n,
    chance: percent => next() % 100 < percent,
    pick: items => items[next() % items.length],
  };
}

const STRINGS = ['"a"', '"b"', '"c d"', '""'];
const listOf = (r, item) => `[ ${Array.from({ length: r.below(3) }, () => item(r)).join(" ")} ]`;
const int = r => String(r.below(4));
const str = r => r.pick(STRINGS);
const attrsOf = (r, item) => {
  const names = ["x", "y", "z"].filter(() => r.chance(50));
  return `{ ${names.map(name => `${name} = ${item(r)};`).join(" ")} }`;
};
const perhapsWrapped = item => r => (r.chance(25) ? `(${wrap(r, item(r), false)})` : item(r));
const submoduleValue = r =>
  `{ ${[r.chance(60) ? `p = ${perhapsWrapped(int)(r)};` : "", r.chance(60) ? `q = ${listOf(r, str)};` : ""].join(" ")} }`;

/** Type, value, whether order means something. */
const TYPES = [
  { type: "lib.types.int", value: int },
  { type: "lib.types.bool", value: r => r.pick(["true", "false"]) },
  { type: "lib.types.str", value: str },
  { type: "lib.types.lines", value: str, ordered: true },
  { type: "lib.types.commas", value: str, ordered: true },
  { type: "lib.types.listOf lib.types.str", value: r => listOf(r, str), ordered: true },
  { type: "lib.types.listOf lib.types.int", value: r => listOf(r, perhapsWrapped(int)), ordered: true },
  { type: "lib.types.attrsOf lib.types.int", value: r => attrsOf(r, perhapsWrapped(int)) },
  { type: "lib.types.lazyAttrsOf lib.types.int", value: r => attrsOf(r, int) },
  {
    type: "lib.types.attrsOf (lib.types.listOf lib.types.str)",
    value: r =>
      attrsOf(
        r,
        perhapsWrapped(q => listOf(q, str)),
      ),
  },
  { type: "lib.types.nullOr lib.types.int", value: r => (r.chance(30) ? "null" : int(r)) },
  { type: 'lib.types.enum [ "a" "b" ]', value: str },
  { type: "lib.types.either lib.types.int lib.types.str", value: r => (r.chance(50) ? int(r) : str(r)) },
  {
    type: "lib.types.oneOf [ lib.types.int lib.types.bool (lib.types.listOf lib.types.str) ]",
    value: r => r.pick([int(r), "true", '[ "z" ]']),
  },
  {
    type: "lib.types.anything",
    value: r => r.pick([int(r), str(r), attrsOf(r, perhapsWrapped(int)), listOf(r, int)]),
  },
  { type: "lib.types.unspecified", value: r => r.pick([int(r), str(r), "[ 1 ]", "{ a = 1; }"]) },
  { type: "lib.types.attrs", value: r => attrsOf(r, int) },
  { type: "lib.types.port", value: r => r.pick(["80", "70000", "22"]) },
  { type: "lib.types.uniq lib.types.int", value: int },
  {
    type: "lib.types.coercedTo lib.types.int toString lib.types.str",
    value: r => (r.chance(50) ? int(r) : str(r)),
  },
  {
    type: "lib.types.submodule { options.p = lib.mkOption { type = lib.types.int; default = 7; }; options.q = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; }; }",
    value: submoduleValue,
  },
  {
    type: "lib.types.attrsOf (lib.types.submodule ({ name, config, ... }: { options.p = lib.mkOption { type = lib.types.int; default = 1; }; options.q = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ name ]; }; options.r = lib.mkOption { default = config.p + 1; }; }))",
    value: r => attrsOf(r, submoduleValue),
  },
  {
    type: 'lib.types.submodule { freeformType = lib.types.attrsOf lib.types.int; options.p = lib.mkOption { type = lib.types.str; default = "p"; }; }',
    value: r => attrsOf(r, perhapsWrapped(int)),
  },
  { type: "lib.types.nonEmptyListOf lib.types.int", value: r => `[ ${int(r)} ]`, ordered: true },
  { type: 'lib.types.strMatching "[a-c]+"', value: r => r.pick(['"abc"', '"d"']) },
  { type: "lib.types.ints.between 1 3", value: int },
  { type: "lib.types.functionTo lib.types.int", value: r => `(x: ${int(r)})`, called: true },
];

const CONDITIONS = ["true", "false", "config.flag", "(!config.flag)", "(config.level > 1)"];

function wrap(r, value, ordered) {
  const kind = r.below(ordered ? 9 : 7);
  switch (kind) {
    case 0:
      return `lib.mkForce ${group(value)}`;
    case 1:
      return `lib.mkDefault ${group(value)}`;
    case 2:
      return `lib.mkOverride ${r.pick(["10", "50", "100", "1000"])} ${group(value)}`;
    case 3:
    case 4:
      return `lib.mkIf ${r.pick(["true", "false"])} ${group(r.chance(40) ? wrap(r, value, ordered) : value)}`;
    case 5:
      return `lib.mkMerge [ ${group(value)} ${r.chance(50) ? group(r.chance(50) ? wrap(r, value, ordered) : value) : ""} ]`;
    case 6:
      return value;
    case 7:
      return `lib.mkBefore ${group(value)}`;
    default:
      return `lib.mkAfter ${group(value)}`;
  }
}

const group = text => (/^[[{("]/.test(text) && !text.includes(") (") ? text : `(${text})`);

function definition(r, option) {
  let value = option.value(r);
  if (r.chance(50)) value = wrap(r, value, option.ordered === true);
  if (r.chance(20)) value = `lib.mkIf ${r.pick(CONDITIONS)} (${value})`;
  return `${option.path} = ${value};`;
}

function declaration(r, option) {
  const fallback = r.chance(50) ? ` default = ${option.value(r)};` : "";
  const apply = r.chance(10) && option.called !== true ? " apply = x: [ x ];" : "";
  return `options.${option.path} = lib.mkOption { type = ${option.type};${fallback}${apply} };`;
}

function moduleText(r, options, depth) {
  const mine = options.filter(() => r.chance(55));
  const body = mine.map(option => definition(r, option)).join(" ");
  const imports =
    depth > 0 && r.chance(40)
      ? `imports = [ ${moduleText(r, options, depth - 1)} ${r.chance(40) ? moduleText(r, options, depth - 1) : ""} ];`
      : "";
  const config = r.chance(30)
    ? `config = lib.mkIf ${r.pick(CONDITIONS)} { ${body} };`
    : r.chance(30)
      ? `config = lib.mkMerge [ { ${body} } ];`
      : r.chance(15)
        ? `config = lib.mkForce { ${body} };`
        : `config = { ${body} };`;
  const set = r.chance(40) ? `{ ${imports} ${body} }` : `{ ${imports} ${config} }`;
  return `({ config, lib, ... }: ${set})`;
}

/** The `config` of a random system, as an expression of `lib`. */
export function randomSystem(seed) {
  const r = randomSource(seed);
  const options = Array.from({ length: 1 + r.below(4) }, (_, index) => ({
    ...r.pick(TYPES),
    path: r.chance(25) ? `nested.o${index}` : `o${index}`,
  }));
  const base = `({ lib, ... }: { options.flag = lib.mkOption { type = lib.types.bool; default = ${r.pick(["true", "false"])}; }; options.level = lib.mkOption { type = lib.types.int; default = ${int(r)}; }; ${options.map(option => declaration(r, option)).join(" ")} })`;
  const modules = Array.from({ length: 1 + r.below(3) }, () => moduleText(r, options, 2));
  const order = r.chance(50) ? [base, ...modules] : [...modules, base];
  const unknown = r.chance(4) ? "{ doesNotExist = 1; }" : "";
  const called = options
    .filter(option => option.called)
    .map(option => `${option.path} = c.${option.path} 1;`)
    .join(" ");
  const result = called === "" ? "c" : `lib.recursiveUpdate c { ${called} }`;
  return `let c = (lib.evalModules { modules = [ ${order.join(" ")} ${unknown} ]; }).config; in ${result}`;
}
