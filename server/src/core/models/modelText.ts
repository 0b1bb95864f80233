// A model that is written in Nix: a text that is run with what it needs of the evaluator, and nixpkgs' lib.

import { followed } from "../eval/coerce";
import type { Evaluation } from "../eval/evaluation";
import { attrsOf, boolValue, type Lazy, lazily, unknownValue, type Value } from "../eval/value";
import { native1 } from "../modules/native";
import type { OptionType } from "../modules/optionType";
import { RAW } from "../modules/types/basic";
import { isFlakeBystander, moduleReason } from "../nixpkgs/bystanders";
import { nixpkgsLib, PRELUDE } from "../nixpkgs/lib";
import { configurationValue, modulesInput } from "../nixpkgs/moduleNatives";
import { NO_MODULE } from "../nixpkgs/nixosSystem";
import { placeOf, repositoryOf } from "../nixpkgs/storePaths";
import { typeValue } from "../nixpkgs/typeValue";

/** A model in Nix text: `native: argument: …`. */
export function modelText(ctx: Evaluation, name: string, text: string, argument: Lazy): Lazy {
  return lazily(inner => {
    const { compiled, ports } = inner.world;
    const fn = compiled.load(`${PRELUDE}${name}.nix`, text, ports.parse).evaluate(inner);
    return inner.call(fn, [nativePart(ctx), argument]);
  });
}

/** Unique in flake-parts, but a module that is not read may declare it as an option that merges. */
const OUTPUT: OptionType = {
  ...RAW,
  name: "output",
  mayMerge: true,
  merge: (_ctx, _loc, definitions) => {
    const [first, second] = definitions;
    return first === undefined || second !== undefined
      ? unknownValue("an output that several modules define")
      : first.value;
  },
};

/** A flake module of another flake, as an attribute or as one of its files: none that matters, or one that is not read. */
function flakeModule(value: Value): Lazy | undefined {
  const place = placeOf(value);
  const reason =
    place !== undefined
      ? moduleReason(repositoryOf(place))
      : value.kind === "unknown"
        ? value.reason
        : undefined;
  if (reason !== undefined && isFlakeBystander(reason)) return NO_MODULE;
  return place === undefined ? undefined : unknownValue(reason ?? "", value.span);
}

/** Whether a name in the path begins with an underscore: of a flake's file those that its copy in the store has. */
function isHidden(ctx: Evaluation, path: string): boolean {
  const { inStore } = ctx.world.options;
  const cut = path.lastIndexOf("/");
  if (cut === -1) return false;
  const above = path.slice(0, cut);
  if (inStore?.(path) === true && !inStore(above)) return false;
  return path.startsWith("_", cut + 1) || isHidden(ctx, above);
}

function nativePart(ctx: Evaluation): Lazy {
  const world = {
    lib: nixpkgsLib(ctx),
    undeclared: "an option of a flake module",
    known: flakeModule,
  };
  return attrsOf({
    output: typeValue(OUTPUT),
    unknown: native1("unknown", ({ ctx: inner, site }, why) =>
      inner.useString(why, site, text => unknownValue(text.text, site)),
    ),
    isHidden: native1("isHidden", ({ ctx: inner, site }, lazy) => {
      const value = inner.force(lazy);
      const path = value.kind === "path" ? value.path : followed(value);
      return path === undefined ? unknownValue("a path", site) : boolValue(isHidden(inner, path), site);
    }),
    evalModules: native1("evalModules", (call, lazy) =>
      call.ctx.useAttrs(lazy, call.site, args => {
        const input = modulesInput(call, args);
        return "kind" in input ? input : configurationValue(call, world, input, {});
      }),
    ),
  });
}
