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
  const thunk = Thunk.of(
    (where: Span | undefined, self: Evaluation) => evaluateFile(self, file, where),
    site,
  );
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
  return evaluateFile(ctx, sourcePath(ctx, canonicalPath(path)), site, scope);
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

function evaluateFile(
  ctx: Evaluation,
  path: string,
  site: Span | undefined,
  scope?: ReadonlyMap<string, Lazy>,
): Value {
  const { ports, compiled } = ctx.world;
  ctx.noteRead("file", path);
  const read = ports.files.read(path);
  if (read.kind === "unavailable") return unknownValue(`${path}: ${read.reason}`, site);
  if (read.kind === "absent")
    return missingFile(`getting status of '${path}': No such file or directory`, path, read, site);
  if (!ctx.spend(1 + (read.text.length >> 4))) return ctx.limit;
  return compiled.load(path, read.text, ports.parse).evaluate(ctx, scope);
}
