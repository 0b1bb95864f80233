// A user tests a cache and adds it: the answer is on a page and in the view, the change is shown before it is made.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FileCache, makeFileCache, serveFolder } from "../../harness/fileCache";
import { type Editor, openEditor } from "./editor";

let editor: Editor;
let cache: FileCache;
let served: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  cache = makeFileCache();
  served = await serveFolder(cache.folder);
  editor = await openEditor();
  await editor.showSidebar();
  await editor.expandView("Caches");
  await editor.foldView("Hosts");
  await editor.treeRow("Caches", /^cache https:\/\/cache\.nixos\.org/).waitFor();
});

afterAll(async () => {
  await editor?.close();
  served?.stop();
  cache?.remove();
});

test("a cache is tested with a real path: it works, and the key that nobody trusts is named", async () => {
  await editor.runCommand("Nix Deploy: Test a Cache");
  await editor.pickRows("Another cache").first().click();
  await editor.answerInput("Test a Cache", served.url);
  await editor.pickMany("This machine");
  await editor.answerInput("A Store Path to Look Up", cache.signed);
  const page = editor.textEditor("cache-test.md");
  await page.waitFor();
  await expect.poll(() => editor.visibleText("cache-test.md")).toContain("Missing key");
  expect(await editor.visibleText("cache-test.md")).toContain("cache.test-1");
  await editor.screenshot("cache-test");
});

test("a cache is added with its key, where the host's own caches stand, after the change was shown", async () => {
  await editor.runCommand("Nix Deploy: Add a Cache");
  await editor.answerInput("Add a Cache", served.url);
  await editor.answerInput("The Public Key of 127.0.0.1", cache.publicKey);
  await editor.pickMany("production");
  await editor.pickRows("Change the Configuration").waitFor();
  await editor.screenshot("add-cache");
  const file = path.join(editor.workspace, "modules/stage-cache.nix");
  const before = readFileSync(file, "utf8");
  expect(before).not.toContain(served.url);
  expect(await editor.agreeToChanges("Change the Configuration")).toContain(cache.publicKey);
  await expect.poll(() => readFileSync(file, "utf8")).toContain(`"${served.url}"`);
  expect(readFileSync(file, "utf8")).toContain(cache.publicKey);
  await editor.treeRow("Caches", new RegExp(`^cache ${served.url.replaceAll(".", "\\.")}`)).waitFor();
  await editor.screenshot("caches-view");
});

test("the wizard says everything that it will do before it does anything", async () => {
  await editor.runCommand("Nix Deploy: Set Up a Staging Cache");
  await editor.pickRows("stage").first().click();
  await editor.pickMany("production");
  await editor.pickRows("nix-serve").first().click();
  await editor.answerInput("The Address of stage", "stage.example.org");
  await editor.answerInput("The Port of nix-serve on stage", "8080");
  await editor.pickRows("Leave the firewall").first().click();
  const said = await editor.modalText();
  expect(said).toContain("Make stage the binary cache of production?");
  expect(said).toContain("http://stage.example.org:8080");
  expect(said).toContain("to prove it");
  await editor.screenshot("staging-question");
  await editor.page.keyboard.press("Escape");
});
