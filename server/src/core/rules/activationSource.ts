// The source of a profile's path, for fixes: what stands there, and how the flake calls deploy-rs' library.

import type { Span } from "../text/span";
import { quotedName } from "./attributeFixes";
import { takesArgument } from "./fileFormals";
import type { FileContext } from "./rule";

type Texts = Pick<FileContext, "textOf">;

const PART = /(\.config(\.system\.build\.toplevel)?|\.activationPackage)$/;

/** The text of a span; undefined where it is not all of one expression that can be put into parentheses. */
export function sourceAt(ctx: Texts, span: Span): string | undefined {
  const source = ctx.textOf(span.path)?.slice(span.start, span.end);
  return source === undefined || source === "" ? undefined : source;
}

/** The part of a call that is wrong, as the first group of `part` finds it in the source; else the call's first line. */
export function partOfCall(ctx: Texts, span: Span, part: RegExp): Span {
  const source = sourceAt(ctx, span) ?? "";
  const found = part.exec(source);
  if (found?.[1] === undefined) return { ...span, end: span.start + (source.split("\n", 1)[0] ?? "").length };
  const start = span.start + found.index + found[0].lastIndexOf(found[1]);
  return { ...span, start, end: start + found[1].length };
}

/** The configuration in the source of what it builds or of its `config`: `self.nixosConfigurations.web`; the source itself if it is none. */
export function wholeConfiguration(source: string): string {
  return source.replace(PART, "");
}

/** How a file reaches deploy-rs' library: `deploy-rs.lib`, `inputs.deploy-rs.lib`; undefined if it does not say. */
export function deployLibrary(ctx: Texts, path: string): string | undefined {
  const text = ctx.textOf(path) ?? "";
  const used = /\b((?:inputs\.)?deploy(?:-rs)?\.lib)\b/.exec(text)?.[1];
  if (used !== undefined) return used;
  if (takesArgument(text, "deploy-rs")) return "deploy-rs.lib";
  return takesArgument(text, "inputs") && text.includes("deploy-rs") ? "inputs.deploy-rs.lib" : undefined;
}

/** The call that activates a NixOS configuration, as a file can write it; undefined where it has not what that takes. */
export function activationCall(
  ctx: Texts,
  path: string,
  system: string,
  configuration: string,
): string | undefined {
  const library = deployLibrary(ctx, path);
  const self = selfIn(ctx.textOf(path) ?? "");
  return library === undefined || self === undefined
    ? undefined
    : `${library}.${system}.activate.nixos ${self}.nixosConfigurations.${quotedName(configuration)}`;
}

/** How a file names the flake itself. */
function selfIn(text: string): string | undefined {
  const isBound = /\bself\s*=|\binherit\s*\(\s*inputs\s*\)[^;]*\bself\b/.test(text);
  if (isBound || takesArgument(text, "self")) return "self";
  return takesArgument(text, "inputs") ? "inputs.self" : undefined;
}

/** An expression as an argument. */
export function asArgument(source: string): string {
  return /^[\w.'"${}-]+$/.test(source) || /^\(.*\)$/s.test(source) ? source : `(${source})`;
}
