// textDocument/inlayHint.

import type { InlayHint, InlayHintParams } from "vscode-languageserver/node";
import { inlayHints } from "../../core/features/inlayHints";
import { pathOfUri } from "../conversions";
import type { Session } from "../session";

export async function inlayHint(
  session: Session,
  { textDocument, range }: InlayHintParams,
  signal: AbortSignal,
): Promise<InlayHint[]> {
  if (!session.config.inlayHints) return [];
  const path = pathOfUri(textDocument.uri);
  const analysis = await session.settledAnalysis(signal);
  const lines = session.lines.of(path);
  if (lines === undefined) return [];
  const wanted = { start: lines.offset(range.start), end: lines.offset(range.end) };
  return inlayHints(analysis, path, wanted).map(({ offset, text, tooltip }) => ({
    position: lines.position(offset),
    label: text,
    paddingLeft: true,
    ...(tooltip === "" ? {} : { tooltip }),
  }));
}
