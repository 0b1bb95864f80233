// Findings and fixes as VS Code hands them to everybody: on the example fleet, while typing, and on input that is no Nix at all.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { codeOf, diagnosticsOf, fileUri } from "./workspace";

const deliberate = [
  "key-is-secret",
  "key-malformed",
  "sshserve-key-malformed",
  "substituter-malformed",
  "substituter-unknown-scheme",
];

suite("findings", () => {
  test("every deliberate mistake of the example is found, with a link to its rule", async () => {
    const found = await diagnosticsOf("hosts/web.nix", all =>
      deliberate.every(code => all.some(one => codeOf(one) === code)),
    );
    for (const diagnostic of found) assert.equal(typeof diagnostic.code, "object", String(diagnostic.code));
    assert.equal(found.filter(one => codeOf(one) === "substituter-malformed").length, 2);
  });

  test("the other files of the example are clean", async () => {
    await diagnosticsOf("hosts/web.nix", all => all.length > 0);
    const others = vscode.languages
      .getDiagnostics()
      .filter(([uri]) => uri.path.endsWith(".nix") && !uri.path.endsWith("/hosts/web.nix"))
      .flatMap(([uri, all]) => all.map(one => `${uri.path}: ${one.message}`));
    assert.deepEqual(others, []);
  });

  test("a quick fix repairs what it says, and the finding goes", async () => {
    const found = await diagnosticsOf("hosts/web.nix", all =>
      all.some(one => codeOf(one) === "substituter-unknown-scheme"),
    );
    const target = found.find(one => codeOf(one) === "substituter-unknown-scheme")!;
    const uri = fileUri("hosts/web.nix");
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      target.range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    );
    const fix = actions.find(action => action.title.includes("https://nix-community.cachix.org"));
    assert.ok(fix?.edit, actions.map(action => action.title).join("; "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.ok(document.getText().includes('"https://nix-community.cachix.org"'));
    await diagnosticsOf("hosts/web.nix", all =>
      all.every(one => codeOf(one) !== "substituter-unknown-scheme"),
    );
  });

  test("findings come while typing and go when the text is right", async () => {
    const uri = fileUri("typed.nix");
    await writeFile(uri.fsPath, '{\n  nix.settings.substituters = [ "https://cache.nixos.org" ];\n}\n');
    const editor = await vscode.window.showTextDocument(uri);
    const line = editor.document.lineAt(1).text;
    const scheme = new vscode.Range(1, line.indexOf("https"), 1, line.indexOf("https") + 5);
    await editor.edit(edit => edit.replace(scheme, "htps"));
    await diagnosticsOf("typed.nix", all => all.length === 1);
    await editor.edit(edit => edit.replace(scheme.with({ end: scheme.end.translate(0, -1) }), "https"));
    await diagnosticsOf("typed.nix", all => all.length === 0);
    await editor.document.save();
    await rm(uri.fsPath);
  });

  test("garbage, invalid UTF-8, a huge file and a file that disappears leave the server well", async () => {
    const garbage = fileUri("garbage.nix");
    const bytes = Buffer.alloc(200_000);
    for (let at = 0; at < bytes.length; at++) bytes[at] = (at * 7919) % 251;
    await writeFile(garbage.fsPath, bytes);
    const huge = fileUri("huge.nix");
    await writeFile(huge.fsPath, `[\n${'  "https://cache.nixos.org"\n'.repeat(37_000)}]\n`);
    const gone = fileUri("gone.nix");
    await writeFile(gone.fsPath, '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }\n');
    await vscode.workspace.openTextDocument(huge);
    await diagnosticsOf("gone.nix", all => all.length === 1);
    await rm(gone.fsPath);
    // the editor still holds the text of the removed file; another file proves that the server goes on
    const alive = fileUri("alive.nix");
    await writeFile(alive.fsPath, '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }\n');
    await diagnosticsOf("alive.nix", all => all.length === 1);
    for (const uri of [garbage, huge, alive]) await rm(uri.fsPath);
  });
});
