// `nix-deploy eval`: one file, perhaps one attribute of it, as JSON text or as an error with its place.

import { LineIndex } from "../text/lineIndex";
import type { Span } from "../text/span";
import type { Evaluation } from "./evaluation";
import type { Evaluator } from "./evaluator";
import { printJson, toJson } from "./toJson";
import { attrsOf, type ErrorValue, errorValue, type Lazy, type Value } from "./value";

export interface EvalRequest {
  readonly path: string;
  /** The names on the way to the attribute that is wanted; see `parseAttrPath`. */
  readonly attrPath?: readonly string[];
  /** Of a flake: where names are looked for that the file itself does not have. */
  readonly outputs?: (ctx: Evaluation) => Lazy;
  /** Any error inside is an error of the whole, instead of a mark in its place. */
  readonly strict: boolean;
}

export type EvalAnswer =
  | { readonly kind: "json"; readonly text: string }
  /** One line: `file:line:column: message`. */
  | { readonly kind: "error"; readonly message: string };

/** Evaluates a file; `textOf` is only asked to turn offsets into lines. Functions with defaults only are called. */
export function evalFileToJson(
  evaluator: Evaluator,
  request: EvalRequest,
  textOf: (path: string) => string | undefined,
): EvalAnswer {
  const { value, ctx } = evaluator.evaluateFile(request.path);
  const attrPath = request.attrPath ?? [];
  const target = selectPath(ctx, rootFor(ctx, value, attrPath[0], request), attrPath);
  const outcome = toJson(ctx, target, { strict: request.strict });
  if (outcome.kind === "json") return { kind: "json", text: printJson(outcome.json) };
  return { kind: "error", message: errorLine(outcome.error, request.path, textOf) };
}

/** `deploy.nodes` of a flake.nix means its output, as it does for Nix; `inputs` and `outputs` are the file's own. */
function rootFor(ctx: Evaluation, file: Value, name: string | undefined, { outputs }: EvalRequest): Value {
  const isOwn = name === undefined || file.kind !== "attrs" || file.attrs.has(name);
  return isOwn || outputs === undefined ? file : ctx.force(outputs(ctx));
}

/** `a."b.c".d` → ["a", "b.c", "d"]; the whole file for an empty text, undefined for what is no path. */
export function parseAttrPath(text: string): readonly string[] | undefined {
  if (text === "") return [];
  const names: string[] = [];
  const name = /"([^"]*)"|([^."]+)/y;
  for (let at = 0; ; at++) {
    name.lastIndex = at;
    const match = name.exec(text);
    if (match === null) return undefined;
    names.push(match[1] ?? match[2] ?? "");
    at = name.lastIndex;
    if (at === text.length) return names;
    if (text[at] !== ".") return undefined;
  }
}

function selectPath(ctx: Evaluation, root: Value, names: readonly string[]): Value {
  let value = autoCall(ctx, root);
  for (const name of names) {
    if (value.kind === "list" && value.open === undefined && /^[0-9]+$/.test(name)) {
      const item = value.items[Number(name)];
      value =
        item === undefined
          ? errorValue("evaluation", `list index ${name} is out of bounds`)
          : ctx.force(item);
    } else value = ctx.select(value, name);
    value = autoCall(ctx, value);
  }
  return value;
}

/** As Nix does for files given on the command line. */
function autoCall(ctx: Evaluation, value: Value): Value {
  if (value.kind !== "function" || value.formals === undefined) return value;
  if (![...value.formals.values()].every(hasDefault => hasDefault)) return value;
  const none: Readonly<Record<string, Lazy>> = {};
  return ctx.call(value, [attrsOf(none)]);
}

function errorLine(error: ErrorValue, path: string, textOf: (path: string) => string | undefined): string {
  const message = `error: ${error.message.replaceAll("\n", " ")}`;
  const span = error.span ?? error.trace[0];
  // what has no place of its own is said of the file as a whole
  return `${place(span ?? { path, start: 0, end: 0 }, textOf)}: ${message}`;
}

function place(span: Span, textOf: (path: string) => string | undefined): string {
  const text = textOf(span.path);
  if (text === undefined) return `${span.path}:1:1`;
  const { line, character } = new LineIndex(text).position(span.start);
  return `${span.path}:${line + 1}:${character + 1}`;
}
