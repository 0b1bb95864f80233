// What the suites of the extension host share: the extension, the open example, and waiting.
import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === "nix-deploy");
  assert.ok(found, "the extension is not installed");
  return found;
}

/** A file of the open workspace. */
export function fileUri(relativePath: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "no folder is open");
  return vscode.Uri.file(path.join(folder.uri.fsPath, relativePath));
}

/** Waits until something holds; fails after 15 seconds with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 15_000;
  while (!(await holds())) {
    assert.ok(Date.now() < limit, `waited in vain until ${what}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** Our diagnostics of a file of the workspace, as soon as they are as wanted. */
export async function diagnosticsOf(
  relativePath: string,
  wanted: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  const uri = fileUri(relativePath);
  const own = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "nix-deploy");
  await vscode.workspace.openTextDocument(uri);
  await until(`the findings of ${relativePath} are as wanted`, () => wanted(own()));
  return own();
}

/** The code of one of our diagnostics. */
export function codeOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === "object" ? code.value : code);
}
