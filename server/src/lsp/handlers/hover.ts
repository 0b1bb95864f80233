// textDocument/hover.

import { createHash } from "node:crypto";
import type { Hover, HoverParams } from "vscode-languageserver/node";
import { hover as findHover, type HoverTools } from "../../core/features/hover";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

function toolsOf(session: Session): HoverTools {
  return {
    sha256: bytes => Uint8Array.from(createHash("sha256").update(bytes).digest()),
    stateOf: host => session.stateOf(host),
  };
}

export function hover(session: Session, { textDocument, position }: HoverParams): Hover | null {
  const path = pathOfUri(textDocument.uri);
  const offset = session.lines.offset(path, position);
  const found =
    offset === undefined ? undefined : findHover(session.analysis(), path, offset, toolsOf(session));
  if (found === undefined) return null;
  const range = session.lines.range(found.span);
  const contents = { kind: "markdown" as const, value: found.markdown };
  return range === undefined ? { contents } : { contents, range };
}
