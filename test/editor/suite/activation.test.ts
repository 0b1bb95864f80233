// The extension in its host: it activates on a fleet, registers what its manifest promises, and its server can be restarted.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { diagnosticsOf, extension, until } from "./workspace";

suite("activation", () => {
  test("a workspace with a flake.nix activates the extension by itself", async () => {
    await until("the extension is active", () => extension().isActive);
  });

  test("every command of the manifest is registered", async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed: { command: string }[] = extension().packageJSON.contributes.commands;
    const missing = contributed.map(({ command }) => command).filter(id => !registered.has(id));
    assert.deepEqual(missing, []);
    assert.ok(contributed.length >= 10);
  });

  test("Nix files have the language that the extension contributes", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "nix", content: "{ }" });
    assert.equal(document.languageId, "nix");
    const [flake] = await vscode.workspace.findFiles("flake.nix");
    assert.equal((await vscode.workspace.openTextDocument(flake!)).languageId, "nix");
  });

  test("a restarted server finds the same mistakes again", async () => {
    const before = await diagnosticsOf("hosts/web.nix", found => found.length > 0);
    await vscode.commands.executeCommand("nixDeploy.restartServer");
    const after = await diagnosticsOf("hosts/web.nix", found => found.length === before.length);
    assert.deepEqual(after.map(String), before.map(String));
  });
});
