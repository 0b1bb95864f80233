// A flake of the workspace: its inputs as models, `self` as a fixpoint, and its outputs.

import { storePath } from "../eval/coerce";
import { traced } from "../eval/errors";
import type { Evaluation } from "../eval/evaluation";
import type { Kept } from "../eval/resting";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  errorValue,
  type Lazy,
  lazily,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { inputPath, placeName } from "../nixpkgs/storePaths";
import { type FlakeInput, readInputs } from "./flakeInputs";
import { outputsOf } from "./knownFlakes";

export interface Flake {
  readonly folder: string;
  /** The set that flake.nix holds; an error or Unknown where it is none. */
  readonly file: Value;
  readonly inputs: ReadonlyMap<string, FlakeInput>;
  /** What `outputs` gives. */
  readonly outputs: Lazy;
  /** The outputs with what every flake has besides, as `self` and other flakes see it. */
  readonly self: Lazy;
}

const opened = new WeakMap<Evaluation, Map<string, Kept<Flake>>>();

/** The flake in a folder of the workspace, once for each evaluation. */
export function openFlake(ctx: Evaluation, folder: string): Flake {
  const flakes = opened.get(ctx) ?? new Map<string, Kept<Flake>>();
  opened.set(ctx, flakes);
  const flake =
    flakes.get(folder) ??
    ctx.keep(() => {
      const file = ctx.importFile(`${folder}/flake.nix`);
      return file.kind === "attrs" ? flakeOf(ctx, folder, file) : unreadable(folder, file);
    });
  flakes.set(folder, flake);
  return ctx.recall(flake);
}

function unreadable(folder: string, file: Value): Flake {
  return { folder, file, inputs: new Map(), outputs: file, self: file };
}

function flakeOf(ctx: Evaluation, folder: string, file: AttrsValue): Flake {
  const inputs = readInputs(ctx, folder, file);
  const attrs = new Map<string, Attr>();
  for (const input of inputs.values()) {
    attrs.set(
      input.name,
      attrOf(
        lazily(inner => inputValue(inner, input)),
        input.nameSpan,
      ),
    );
  }
  const inputSet = attrsValue(attrs);
  const perhaps = isComposed(inputs) ? ANY_OUTPUT : OF_REVISION;
  const self: Lazy = lazily(inner => selfValue(inner, folder, outputs, inputSet, perhaps));
  const outputs: Lazy = lazily(inner => {
    const fn = file.attrs.get("outputs");
    if (fn === undefined)
      return errorValue("missing-attribute", "flake has no attribute 'outputs'", file.span);
    const args = attrsValue(new Map([...attrs, ["self", attrOf(self)]]));
    const result = inner.call(fn.value, [args], fn.span);
    return result.kind === "error" ? traced(result, fn.nameSpan) : result;
  });
  return { folder, file, inputs, outputs, self };
}

/** Modules of other flakes add outputs of theirs to those that one reads here. */
function isComposed(inputs: ReadonlyMap<string, FlakeInput>): boolean {
  return [...inputs.values()].some(
    ({ reference }) => reference.kind === "repository" && reference.repository === "hercules-ci/flake-parts",
  );
}

function selfValue(
  ctx: Evaluation,
  folder: string,
  outputs: Lazy,
  inputs: AttrsValue,
  perhaps: NonNullable<AttrsValue["perhaps"]>,
): Value {
  return ctx.useAttrs(outputs, undefined, set => {
    const attrs = new Map(set.attrs);
    const path = storePath(folder, undefined);
    const own: Readonly<Record<string, Lazy>> = {
      inputs,
      outputs: perhaps === ANY_OUTPUT && set.open === undefined ? { ...set, open: SOURCE, perhaps } : set,
      outPath: path,
      sourceInfo: openAttrs(attrsOf({ outPath: path }).attrs, SOURCE),
      _type: stringValue("flake"),
    };
    for (const [name, value] of Object.entries(own)) attrs.set(name, attrOf(value));
    const self = openAttrs(attrs, set.open ?? SOURCE, set.span);
    return set.open === undefined ? { ...self, perhaps } : self;
  });
}

const SOURCE = "what only the revision of a flake, or a module of another one, says";

/** What people misspell is no output, whoever makes it. */
const ANY_OUTPUT = {
  has: (name: string): boolean =>
    !["nixosConfiguration", "nixosSystems", "darwinConfiguration", "homeConfiguration"].includes(name),
};

/** What Nix adds to the outputs, depending on where the flake comes from and on the version of Nix. */
const OF_REVISION: ReadonlySet<string> = new Set([
  "dirtyRev",
  "dirtyShortRev",
  "lastModified",
  "lastModifiedDate",
  "narHash",
  "rev",
  "revCount",
  "shortRev",
  "submodules",
]);

function inputValue(ctx: Evaluation, input: FlakeInput): Value {
  const { reference } = input;
  if (reference.kind === "path") return pathInput(ctx, input, reference.path);
  if (!input.isFlake)
    return source(placeName(reference.kind === "repository" ? reference.repository : reference.url));
  if (reference.kind === "other") return knownFlake(ctx, reference.url);
  return knownFlake(ctx, reference.repository);
}

/** Files of an input without a flake. */
function source(name: string): Value {
  return openAttrs(attrsOf({ outPath: inputPath(name) }).attrs, "what only the revision of an input says");
}

function pathInput(ctx: Evaluation, input: FlakeInput, path: string): Value {
  if (input.isFlake) {
    ctx.noteRead("existence", `${path}/flake.nix`);
    const kind = ctx.world.ports.files.kindOf(`${path}/flake.nix`);
    return kind === "regular"
      ? ctx.force(openFlake(ctx, path).self)
      : unknownValue(`the flake ${path} is not here`);
  }
  return openAttrs(
    attrsOf({ outPath: storePath(path, undefined) }).attrs,
    "what only the revision of an input says",
  );
}

function knownFlake(ctx: Evaluation, repository: string): Value {
  const { outputs, why, imported } = outputsOf(ctx, repository);
  const attrs = new Map(outputs);
  attrs.set("_type", attrOf(stringValue("flake")));
  attrs.set("outPath", attrOf(inputPath(placeName(repository))));
  attrs.set("inputs", attrOf(openAttrs(new Map(), why)));
  attrs.set("outputs", attrOf(openAttrs(outputs, why)));
  const set = openAttrs(attrs, why);
  return imported === undefined ? set : { ...set, imported };
}
