// Positions of the protocol as VS Code's.

import * as vscode from "vscode";
import type { ProtocolRange } from "../../../server/src/protocol";

export function toRange(range: ProtocolRange): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
