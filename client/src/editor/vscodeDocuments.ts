// The Documents port on VS Code's text documents.

import * as vscode from "vscode";
import type { Documents } from "../ports/documents";
import { toRange } from "./ranges";

export const vscodeDocuments: Documents = {
  async readText(path) {
    const uri = vscode.Uri.file(path);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return undefined;
      throw error;
    }
    return (await vscode.workspace.openTextDocument(uri)).getText();
  },
  async apply(files) {
    const change = new vscode.WorkspaceEdit();
    for (const { path, edits } of files) {
      const uri = vscode.Uri.file(path);
      for (const edit of edits) change.replace(uri, toRange(edit.range), edit.newText);
    }
    if (!(await vscode.workspace.applyEdit(change))) return false;
    for (const { path } of files) {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      if (!(await document.save())) return false;
    }
    return true;
  },
};
