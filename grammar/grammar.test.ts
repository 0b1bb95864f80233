// Snapshots of the grammar: every form of the language without an error, and half-typed text with errors that stay
// where they are.

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folder } from "./provenance.mjs";
import { cases, treeOf } from "./snapshotCases";

const grammar = readFileSync(path.join(folder, "tree-sitter-nix.wasm"));
const DAMAGE = /\b(ERROR|MISSING|missing_\w+|early_end)\b/;

test.each(cases())("$file: $title", async ({ file, text }) => {
  expect(DAMAGE.test(await treeOf(text, grammar))).toBe(file === "half-typed");
});

test.each([...new Set(cases().map(each => each.file))])("the trees of %s", async file => {
  let snapshot = "";
  for (const { title, text } of cases().filter(each => each.file === file)) {
    snapshot += `#--- ${title}\n${text}\n\n${await treeOf(text, grammar)}\n`;
  }
  await expect(snapshot).toMatchFileSnapshot(`snapshots/${file}.snap`);
});

test("a lone carriage return ends a comment", async () => {
  expect(await treeOf("# one\r1", grammar)).toBe(
    'source_code\n  comment "# one"\n  expression: integer_expression "1"\n',
  );
});

test("line breaks of Windows are white space", async () => {
  const text = "{ a = 1; # one\r\n  b = [ 2\r\n 3 ];\r\n}\r\n";
  expect(await treeOf(text, grammar)).not.toMatch(DAMAGE);
});
