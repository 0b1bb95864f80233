// The conventions that a machine can check and that neither the compiler nor dependency-cruiser does.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["server/src", "client/src", "test/harness"];

function sources(): readonly string[] {
  return FOLDERS.flatMap(folder =>
    readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" }).map(name => `${folder}/${name}`),
  ).filter(file => file.endsWith(".ts") && statSync(ROOT + file).isFile());
}

const files = sources();
const text = (file: string): string => readFileSync(ROOT + file, "utf8");
const where = (pattern: RegExp, among = files): readonly string[] =>
  among.filter(file => pattern.test(text(file)));
const shipped = files.filter(file => !file.endsWith(".test.ts") && !file.startsWith("test/"));
const inCore = shipped.filter(file => file.startsWith("server/src/core/"));

test("every file starts with one to four lines that say what it is responsible for", () => {
  const heads = shipped.filter(file => {
    const lines = text(file).split("\n");
    const comments = lines.slice(
      0,
      lines.findIndex(line => !line.startsWith("//")),
    );
    const written = comments.filter(line => line !== "//").length;
    return written < 1 || written > 4;
  });
  expect(heads).toEqual([]);
});

test("no file is named after a kind of thing instead of what is in it", () => {
  // nixpkgs/ is named after the parts of nixpkgs' lib, of which `types` is one
  const named = files.filter(file => /\/(utils?|types|helpers?|common|misc)\.ts$/.test(file));
  expect(named.filter(file => !file.startsWith("server/src/core/nixpkgs/"))).toEqual([]);
});

test("files are camelCase, except rules, which are named by their code", () => {
  const names = files.filter(file => !/\/[a-z][A-Za-z0-9]*(\.test|\.d)?\.ts$/.test(file));
  expect(names.filter(file => !file.startsWith("server/src/core/rules/"))).toEqual([]);
});

test("there are no default exports, no barrels and no `any`", () => {
  expect(where(/^export default /m)).toEqual([]);
  expect(where(/^export \* from /m)).toEqual([]);
  expect(where(/(:|<|as) any\b/, shipped)).toEqual([]);
});

test("work left undone has an issue number or is not there", () => {
  expect(where(/\b(FIXME|XXX|HACK)\b|\bTODO\b(?!.*#\d)/, shipped)).toEqual([]);
  expect(where(/\b(it|test|describe)\.(skip|todo|only)\b/)).toEqual([]);
});

test("core has no promise, no clock, no randomness and no logger", () => {
  expect(where(/\basync\b (?!with)|\bawait\b|\bPromise[<.(]/, inCore)).toEqual([]);
  expect(
    where(/\bDate\.now\b|\bnew Date\b|\bMath\.random\b|\bperformance\.now\b|\bconsole\./, inCore),
  ).toEqual([]);
});

test("rules never name syntax nodes", () => {
  const rules = inCore.filter(file => file.startsWith("server/src/core/rules/"));
  expect(where(/from "\.\.\/(syntax|modules)\//, rules)).toEqual([]);
});

test("no process is started through a shell", () => {
  expect(where(/shell:\s*true|\bexecSync\b|\bexec\(\s*`/, shipped)).toEqual([]);
});
