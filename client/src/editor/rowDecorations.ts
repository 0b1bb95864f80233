// Marks at the end of tree rows. VS Code decorates resources, so a decorated row gets an address in which its mark is
// written; the provider only reads it back.

import * as vscode from "vscode";
import type { RowDecoration } from "../treeNode";

const SCHEME = "nix-deploy-row";

export function decoratedUri(rowId: string, decoration: RowDecoration): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${rowId}`, query: JSON.stringify(decoration) });
}

/** Shows the marks; registered once. */
export function registerRowDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration(uri) {
      if (uri.scheme !== SCHEME) return undefined;
      const { badge, tooltip, color } = JSON.parse(uri.query) as RowDecoration;
      return new vscode.FileDecoration(
        badge,
        tooltip,
        color === undefined ? undefined : new vscode.ThemeColor(color),
      );
    },
  });
}
