import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grammarFiles, loadGrammar, loadParser } from "./grammar";
import { READ, READING, ReadingThread, threadIfMany } from "./treesAhead";

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
    take: (path, text, read) => {
      const data = ahead.take(path, text, read);
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

/** For texts that somebody else has to have read. */
const nobody = (): never => {
  throw new Error("read here");
};

test("only the tree of exactly this text is taken, and only once", async () => {
  const ahead = new ReadingThread(script).read(TEXTS);
  await ahead.ended;
  expect(ahead.take("/repo/0.nix", "{ another = text; }", nobody)).toBeUndefined();
  expect(ahead.take("/elsewhere.nix", TEXTS[0]?.text ?? "", nobody)).toBeUndefined();
  expect(ahead.take("/repo/3.nix", TEXTS[3]?.text ?? "", nobody)?.damaged).toBe(false);
  expect(ahead.take("/repo/3.nix", TEXTS[3]?.text ?? "", nobody)).toBeUndefined();
});

test("while the thread is at a text, the next one is read here", async () => {
  const slow = path.join(folder, "slow.js");
  const begun = path.join(folder, "begun");
  writeFileSync(
    slow,
    `const { parentPort } = require("node:worker_threads");
    const { writeFileSync } = require("node:fs");
    parentPort.once("message", ({ states, port }) => {
      Atomics.store(states, 0, ${READING});
      writeFileSync(${JSON.stringify(begun)}, "");
      setTimeout(() => {
        port.postMessage({ index: 0, data: "from the thread" });
        Atomics.store(states, 0, ${READ});
        Atomics.notify(states, 0);
      }, 100);
    });`,
  );
  const ahead = new ReadingThread(slow).read(TEXTS);
  const { read } = await loadGrammar(files);
  const here: string[] = [];
  const reading = (text: string, limit: number) => {
    here.push(text);
    return read(text, limit);
  };
  await expect.poll(() => existsSync(begun)).toBe(true);
  expect(ahead.take("/repo/0.nix", TEXTS[0]?.text ?? "", reading)).toBe("from the thread");
  expect(here).toEqual([TEXTS[1]?.text]);
  expect(ahead.take("/repo/1.nix", TEXTS[1]?.text ?? "", nobody)?.damaged).toBe(true);
  expect(ahead.take("/repo/1.nix", TEXTS[1]?.text ?? "", nobody)).toBeUndefined();
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
