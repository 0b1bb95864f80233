// `import`: from a path to the value of its file, once per evaluation.

import type { Span } from "../text/span";
import type { Evaluation } from "./evaluation";
import type { Absent } from "./files";
import { canonicalPath } from "./paths";
import { errorValue, type Lazy, Thunk, unknownValue, type Value } from "./value";

/** The value of the file at `path`, or of default.nix in it. */
export function importPath(ctx: Evaluation, path: string, site: Span | undefined): Value {
  const { options } = ctx.world;
  const canonical = canonicalPath(path);
  const model = options.importPath?.(ctx, canonical, site);
  if (model !== undefined) return ctx.force(model);
  const file = sourcePath(ctx, canonical);
  const known = ctx.imports.get(file);
  if (known !== undefined) return ctx.force(known);
  const text = textOf(ctx, file, site);
  if (typeof text !== "string") return text;
  const thunk = Thunk.of((at: string, self: Evaluation) => evaluateText(self, at, text), file);
  ctx.imports.set(file, thunk);
  return ctx.force(thunk);
}

/** Like import, with extra names in scope; never remembered. */
export function importScoped(
  ctx: Evaluation,
  path: string,
  scope: ReadonlyMap<string, Lazy>,
  site: Span | undefined,
): Value {
  const file = sourcePath(ctx, canonicalPath(path));
  const text = textOf(ctx, file, site);
  return typeof text === "string" ? evaluateText(ctx, file, text, scope) : text;
}

/** The error of reading what is not there. */
export function missingFile(
  message: string,
  path: string,
  { untracked }: Absent,
  site: Span | undefined,
): Value {
  const subject = { name: path, candidates: [], ...(untracked ? { untracked } : {}) };
  return errorValue("missing-import", message, site, subject);
}

function sourcePath(ctx: Evaluation, path: string): string {
  ctx.noteRead("existence", path);
  if (ctx.world.ports.files.kindOf(path) !== "directory") return path;
  return path === "/" ? "/default.nix" : `${path}/default.nix`;
}

/** The text of a file, or what importing it gives here, where it has none: that is told to each who imports it. */
function textOf(ctx: Evaluation, path: string, site: Span | undefined): string | Value {
  ctx.noteRead("file", path);
  const read = ctx.world.ports.files.read(path);
  if (read.kind === "text") return read.text;
  if (read.kind === "unavailable") return unknownValue(`${path}: ${read.reason}`, site);
  return missingFile(`getting status of '${path}': No such file or directory`, path, read, site);
}

function evaluateText(ctx: Evaluation, path: string, text: string, scope?: ReadonlyMap<string, Lazy>): Value {
  ctx.noteRead("file", path);
  const { ports, compiled } = ctx.world;
  if (!ctx.spend(1 + (text.length >> 4))) return ctx.limit;
  return compiled.load(path, text, ports.parse).evaluate(ctx, scope);
}
