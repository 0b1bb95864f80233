// Builtins that read the workspace through the file port, and those on paths.

import type { Span } from "../../text/span";
import { coerceToString, derived, followed, PLAIN, pathText } from "../coerce";
import type { Evaluation } from "../evaluation";
import type { Absent } from "../files";
import { importPath, importScoped, missingFile } from "../imports";
import { canonicalPath } from "../paths";
import {
  attrsValue,
  boolValue,
  errorValue,
  type Lazy,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { arg, type NativeBuiltin } from "./native";

/** Gives `use` the absolute path that a path, a string or a set with outPath names. */
function usePath(ctx: Evaluation, lazy: Lazy, site: Span | undefined, use: (path: string) => Value): Value {
  const given = ctx.force(lazy);
  const copied = followed(given);
  if (copied !== undefined) return use(canonicalPath(copied));
  return ctx.use(given, value => {
    if (value.kind === "path") return use(value.path);
    const inside = value.kind === "attrs" ? followed(coerceToString(ctx, value, PLAIN, site)) : undefined;
    if (inside !== undefined) return use(canonicalPath(inside));
    return ctx.use(coerceToString(ctx, value, PLAIN, site), text => {
      if (text.kind !== "string") return unknownValue("a path", site);
      if (text.text.startsWith("/")) return use(canonicalPath(text.text));
      return errorValue("type", `string '${text.text}' doesn't represent an absolute path`, site);
    });
  });
}

function importValue(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  const given = ctx.force(lazy);
  if (given.kind === "unknown") return usePath(ctx, given, site, path => importPath(ctx, path, site));
  return ctx.use(given, value => {
    if (value.kind === "attrs" && value.imported !== undefined) return ctx.force(value.imported);
    return usePath(ctx, value, site, path => importPath(ctx, path, site));
  });
}

function scopedImport(ctx: Evaluation, scope: Lazy, path: Lazy, site: Span | undefined): Value {
  return ctx.useAttrs(scope, site, set => {
    if (set.open !== undefined) return unknownValue(set.open, site);
    const names = new Map(Array.from(set.attrs, ([name, attr]) => [name, attr.value]));
    return usePath(ctx, path, site, at => importScoped(ctx, at, names, site));
  });
}

const ABSENT: Absent = { kind: "absent" };

function missing(path: string, absent: Absent, site: Span | undefined): Value {
  return missingFile(`getting status of '${path}': No such file or directory`, path, absent, site);
}

function withFile(
  ctx: Evaluation,
  path: string,
  site: Span | undefined,
  use: (text: string) => Value,
): Value {
  ctx.noteRead("file", path);
  const read = ctx.world.ports.files.read(path);
  if (read.kind === "unavailable") return unknownValue(`${path}: ${read.reason}`, site);
  if (read.kind === "text") return ctx.allocate(read.text.length >> 2) ?? use(read.text);
  if (ctx.world.ports.files.kindOf(path) !== "directory") return missing(path, read, site);
  return errorValue("evaluation", `reading from file '${path}': Is a directory`, site);
}

function readFile(ctx: Evaluation, path: string, site: Span | undefined): Value {
  return withFile(ctx, path, site, text => {
    if (text.includes("\0")) {
      return errorValue(
        "evaluation",
        `the contents of the file '${path}' cannot be represented as a Nix string`,
        site,
      );
    }
    // A replacement character may stand for bytes that are no UTF-8.
    return text.includes("\ufffd") ? unknownValue(`${path} is not UTF-8`, site) : derived(text, site);
  });
}

function hashFile(ctx: Evaluation, algorithm: string, path: string, site: Span | undefined): Value {
  return withFile(ctx, path, site, text =>
    text.includes("\ufffd") ? unknownValue(`${path} is not UTF-8`, site) : hash(ctx, algorithm, text, site),
  );
}

function hash(ctx: Evaluation, algorithm: string, text: string, site: Span | undefined): Value {
  switch (algorithm) {
    case "md5":
    case "sha1":
    case "sha256":
    case "sha512":
      return stringValue(ctx.world.ports.hash(algorithm, text), site);
    case "blake3":
      return unknownValue("a BLAKE3 hash", site);
    default:
      return errorValue("evaluation", `unknown hash algorithm '${algorithm}'`, site);
  }
}

function readDir(ctx: Evaluation, path: string, site: Span | undefined): Value {
  ctx.noteRead("directory", path);
  const read = ctx.world.ports.files.list(path);
  if (read.kind === "unavailable") return unknownValue(`${path}: ${read.reason}`, site);
  if (read.kind === "absent")
    return missingFile(`opening directory '${path}': No such file or directory`, path, read, site);
  const entries = Array.from(read.entries, ([name, kind]) => {
    const value = stringValue(kind, site);
    return [name, { value, nameSpan: site, span: site, computed: true }] as const;
  });
  return ctx.allocate(entries.length) ?? attrsValue(new Map(entries), site);
}

function readFileType(ctx: Evaluation, path: string, site: Span | undefined): Value {
  const cut = path.lastIndexOf("/");
  const listed = readDir(ctx, path.slice(0, cut) || "/", site);
  if (listed.kind !== "attrs") return listed.kind === "error" ? missing(path, ABSENT, site) : listed;
  const entry = listed.attrs.get(path.slice(cut + 1));
  return entry === undefined ? missing(path, ABSENT, site) : ctx.force(entry.value);
}

/** A trailing slash asks for a directory in newer versions of Nix and for nothing in older ones. */
function pathExistsAt(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  const exists = (given: Value, text: string | undefined): Value => {
    const asked = text !== undefined && /\/\.{0,2}$/.test(text);
    return usePath(ctx, given, site, path => {
      const found = pathExists(ctx, path, site);
      const file = ctx.world.ports.files.kindOf(path) === "regular";
      return asked && file ? unknownValue("whether a trailing slash asks for a directory", site) : found;
    });
  };
  const given = ctx.force(lazy);
  const copied = followed(given);
  if (copied !== undefined) return exists(given, copied);
  return ctx.use(given, value => exists(value, value.kind === "string" ? value.text : undefined));
}

function pathExists(ctx: Evaluation, path: string, site: Span | undefined): Value {
  ctx.noteRead("existence", path);
  const kind = ctx.world.ports.files.kindOf(path);
  if (kind === "unavailable") return unknownValue(`${path}: outside the workspace`, site);
  return boolValue(kind !== "absent", site);
}

function onPath(
  name: string,
  use: (ctx: Evaluation, path: string, site: Span | undefined) => Value,
): NativeBuiltin {
  return [
    name,
    1,
    (ctx, args, site) => {
      const given = ctx.force(arg(args, 0));
      const result = usePath(ctx, given, site, path => use(ctx, path, site));
      // What is missing is the path that somebody typed, not the call.
      const isPath = given.kind === "path" && given.span !== undefined;
      return isPath && result.kind === "error" && result.error === "missing-import"
        ? { ...result, span: given.span }
        : result;
    },
  ];
}

export const FILE_BUILTINS: readonly NativeBuiltin[] = [
  ["import", 1, (ctx, args, site) => importValue(ctx, arg(args, 0), site)],
  ["scopedImport", 2, (ctx, args, site) => scopedImport(ctx, arg(args, 0), arg(args, 1), site)],
  onPath("readFile", readFile),
  onPath("readDir", readDir),
  onPath("readFileType", readFileType),
  ["pathExists", 1, (ctx, args, site) => pathExistsAt(ctx, arg(args, 0), site)],
  onPath("toPath", (ctx, path, site) => pathText(ctx, path, site)),
  [
    "hashString",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, algorithm =>
        ctx.useString(arg(args, 1), site, ({ text }) => hash(ctx, algorithm.text, text, site)),
      ),
  ],
  [
    "hashFile",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, algorithm =>
        usePath(ctx, arg(args, 1), site, path => hashFile(ctx, algorithm.text, path, site)),
      ),
  ],
];
