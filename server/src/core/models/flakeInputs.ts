// The inputs that a flake declares, with what each refers to.

import type { Evaluation } from "../eval/evaluation";
import type { AttrsValue, Lazy, Value } from "../eval/value";
import type { Span } from "../text/span";
import { type InputReference, readLock, readReference, registryReference } from "./inputs";

export interface FlakeInput {
  readonly name: string;
  readonly reference: InputReference;
  /** `flake = false`: only its files are used. */
  readonly isFlake: boolean;
  /** Where its name stands; undefined for one that only `outputs` names. */
  readonly nameSpan: Span | undefined;
}

interface Written {
  readonly url: string | undefined;
  readonly follows: string | undefined;
  readonly isFlake: boolean;
  readonly nameSpan: Span | undefined;
}

/** The inputs of the flake in `folder`, whose flake.nix has the value `flake`. */
export function readInputs(
  ctx: Evaluation,
  folder: string,
  flake: AttrsValue,
): ReadonlyMap<string, FlakeInput> {
  const written = new Map<string, Written>();
  const declared = flake.attrs.get("inputs");
  const set = declared === undefined ? undefined : ctx.force(declared.value);
  if (set?.kind === "attrs") {
    for (const [name, attr] of set.attrs)
      written.set(name, readInput(ctx, ctx.force(attr.value), attr.nameSpan));
  }
  for (const name of argumentNames(ctx, flake)) {
    if (name === "self" || written.has(name)) continue;
    written.set(name, { url: undefined, follows: undefined, isFlake: true, nameSpan: undefined });
  }
  const locked = lockBeside(ctx, folder);
  const inputs = new Map<string, FlakeInput>();
  for (const [name, each] of written) {
    const reference = resolve(name, written, locked, folder, 0);
    inputs.set(name, { name, reference, isFlake: each.isFlake, nameSpan: each.nameSpan });
  }
  return inputs;
}

function argumentNames(ctx: Evaluation, flake: AttrsValue): readonly string[] {
  const outputs = flake.attrs.get("outputs");
  const fn = outputs === undefined ? undefined : ctx.force(outputs.value);
  return fn?.kind === "function" ? [...(fn.formals?.keys() ?? [])] : [];
}

function readInput(ctx: Evaluation, value: Value, nameSpan: Span | undefined): Written {
  if (value.kind !== "attrs") return { url: text(ctx, value), follows: undefined, isFlake: true, nameSpan };
  const at = (name: string): string | undefined => text(ctx, value.attrs.get(name)?.value);
  const flake = value.attrs.get("flake");
  const isFlake = flake === undefined ? undefined : ctx.force(flake.value);
  const [type, owner, repo, id, path] = ["type", "owner", "repo", "id", "path"].map(at);
  const built =
    owner !== undefined && repo !== undefined
      ? `${type ?? "github"}:${owner}/${repo}`
      : type === "path" && path !== undefined
        ? `path:${path}`
        : id;
  return {
    url: at("url") ?? built,
    follows: at("follows"),
    isFlake: !(isFlake?.kind === "bool" && !isFlake.value),
    nameSpan,
  };
}

function text(ctx: Evaluation, lazy: Lazy | undefined): string | undefined {
  const value = lazy === undefined ? undefined : ctx.force(lazy);
  if (value?.kind === "path") return value.path;
  return value?.kind === "string" ? value.text : undefined;
}

function lockBeside(ctx: Evaluation, folder: string): ReadonlyMap<string, InputReference> {
  const path = `${folder}/flake.lock`;
  ctx.noteRead("file", path);
  const lock = ctx.world.ports.files.read(path);
  return lock.kind === "text" ? readLock(lock.text, folder) : new Map();
}

const MAX_FOLLOWS = 20;

function resolve(
  name: string,
  written: ReadonlyMap<string, Written>,
  locked: ReadonlyMap<string, InputReference>,
  folder: string,
  depth: number,
): InputReference {
  const own = written.get(name);
  if (own?.url !== undefined) {
    const reference = readReference(own.url, folder);
    if (reference.kind !== "other") return reference;
  }
  if (own?.follows !== undefined && depth < MAX_FOLLOWS) {
    const [first, ...deeper] = own.follows.split("/");
    if (first !== undefined && deeper.length === 0) return resolve(first, written, locked, folder, depth + 1);
  }
  const known = locked.get(name);
  if (known !== undefined) return known;
  if (own?.url !== undefined) return { kind: "other", url: own.url };
  if (own?.follows !== undefined) return registryReference(own.follows.split("/").at(-1) ?? name);
  return registryReference(name);
}
