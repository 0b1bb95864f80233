// The string and path literals of a file, for rules about secrets that may be pasted or lie anywhere.

import { type PathDatum, type TextDatum, UNKNOWN_TEXT } from "../eval/datum";
import type { LiteralContext } from "../eval/literalReader";
import { EMPTY_SCOPE } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import { literalText } from "../eval/literalTexts";
import { mayHoldSecret } from "../formats/secretSigns";
import type { PathExpr, SourceFile, StringExpr } from "../syntax/expr";

export interface Literals {
  /** Those that may hold a secret, in the order of the text; interpolations are unknown pieces of them. */
  readonly texts: readonly TextDatum[];
  /** Paths of files and folders that are no Nix files. */
  readonly paths: readonly PathDatum[];
}

/** No token, password with its place, or key is shorter, in UTF-16 units with its quotes. */
const SHORTEST_SECRET = 20;

export function literalsOf(ctx: LiteralContext, { literals }: SourceFile): Literals {
  const texts: TextDatum[] = [];
  const paths: PathDatum[] = [];
  for (const literal of literals) {
    if (literal.kind === "string") {
      if (maySecretStandIn(literal)) texts.push(literalText(ctx.path, literal));
    } else if (!namesNixFile(literal)) {
      const datum = readLiteral(ctx, literal, EMPTY_SCOPE);
      if (datum.kind === "path" && !datum.path.endsWith(".nix")) paths.push(datum);
    }
  }
  return { texts: texts.sort(byPlace), paths: paths.sort(byPlace) };
}

/** What most paths say right away, without being resolved: they are imports. */
function namesNixFile({ parts }: PathExpr): boolean {
  const last = parts.at(-1);
  return last?.kind === "text" && last.value.endsWith(".nix");
}

function maySecretStandIn({ start, end, parts }: StringExpr): boolean {
  if (end - start < SHORTEST_SECRET) return false;
  return mayHoldSecret(parts.map(part => (part.kind === "text" ? part.value : UNKNOWN_TEXT)).join(""));
}

function byPlace(a: TextDatum | PathDatum, b: TextDatum | PathDatum): number {
  return a.span.start - b.span.start;
}
