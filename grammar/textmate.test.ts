// Highlighting: the assertions in syntaxes/test against the TextMate grammars, as the manifest registers them.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folder } from "./provenance.mjs";

const root = path.join(folder, "..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

interface Contribution {
  readonly path: string;
  readonly scopeName: string;
  readonly language: string;
}

const grammars: readonly Contribution[] = manifest.contributes.grammars;

test.each(readdirSync(path.join(root, "syntaxes/test")))("%s", file => {
  const runner = path.join(root, "node_modules/vscode-tmgrammar-test/dist/unit.js");
  const options = grammars.flatMap(grammar => ["--grammar", path.join(root, grammar.path)]);
  const output = execFileSync(process.execPath, [runner, ...options, `syntaxes/test/${file}`], {
    cwd: root,
    encoding: "utf8",
  });
  expect(output).toContain("run successfuly");
});

test("the manifest names the files and scopes that exist", () => {
  for (const { path: file, scopeName, language } of grammars) {
    expect(JSON.parse(readFileSync(path.join(root, file), "utf8")).scopeName).toBe(scopeName);
    const languages: readonly { id: string; configuration: string }[] = manifest.contributes.languages;
    const { configuration } = languages.find(each => each.id === language)!;
    expect(existsSync(path.join(root, configuration)), configuration).toBe(true);
    JSON.parse(readFileSync(path.join(root, configuration), "utf8"));
  }
});
