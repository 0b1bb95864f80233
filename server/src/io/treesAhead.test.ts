import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grammarFiles, loadParser } from "./grammar";
import { ReadingThread, threadIfMany } from "./treesAhead";

const sources = path.resolve(__dirname, "..");
const files = grammarFiles(__dirname);
let folder: string;
let script: string;

/** The thread as it is shipped: a bundle with the grammar beside it. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "nix-deploy-trees-"));
  script = path.join(folder, "thread.js");
  copyFileSync(files.runtime, path.join(folder, "web-tree-sitter.wasm"));
  copyFileSync(files.grammar, path.join(folder, "tree-sitter-nix.wasm"));
  await build({
    entryPoints: [path.join(sources, "treesAheadThread.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    target: "node20",
    alias: { "web-tree-sitter": require.resolve("web-tree-sitter") },
    logLevel: "error",
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXTS = [
  '{ nix.settings.substituters = [ "https://cache.nixos.org" ]; } # the only one\n',
  "{ a = ; b = [ 1 2 }",
  '{ open = { name = "half',
  "let a = \"𝛂\"; in ''\n  ${a}\n''",
  "",
  "{ x = 1; } }",
].map((text, i) => ({ path: `/repo/${i}.nix`, text }));

test("a tree that was read ahead makes the same file as one that is read here", async () => {
  const here = await loadParser(files);
  const ahead = new ReadingThread(script).read(TEXTS);
  let taken = 0;
  const there = await loadParser(files, {
    take: (path, text) => {
      const data = ahead.take(path, text);
      if (data !== undefined) taken++;
      return data;
    },
  });
  // what is asked for before the thread has begun is read here
  const [first, ...others] = TEXTS;
  expect(there.parse("/repo/0.nix", first?.text ?? "")).toEqual(here.parse("/repo/0.nix", first?.text ?? ""));
  expect(taken).toBe(0);
  await ahead.ended;
  for (const { path, text } of others.toReversed()) {
    expect(there.parse(path, text), text).toEqual(here.parse(path, text));
  }
  expect(taken).toBe(others.length);
});

test("only the tree of exactly this text is taken, and only once", async () => {
  const ahead = new ReadingThread(script).read(TEXTS);
  await ahead.ended;
  expect(ahead.take("/repo/0.nix", "{ another = text; }")).toBeUndefined();
  expect(ahead.take("/elsewhere.nix", TEXTS[0]?.text ?? "")).toBeUndefined();
  expect(ahead.take("/repo/3.nix", TEXTS[3]?.text ?? "")?.damaged).toBe(false);
  expect(ahead.take("/repo/3.nix", TEXTS[3]?.text ?? "")).toBeUndefined();
});

test("a thread that cannot begin costs nothing but its help", async () => {
  const ahead = new ReadingThread(path.join(folder, "missing.js")).read(TEXTS);
  await ahead.ended;
  const parser = await loadParser(files, ahead);
  expect(TEXTS.map(({ path, text }) => parser.parse(path, text).text)).toEqual(TEXTS.map(({ text }) => text));
});

test("few files are read without a thread", () => {
  expect(threadIfMany(TEXTS.map(({ path: file }) => file))).toBeUndefined();
});
