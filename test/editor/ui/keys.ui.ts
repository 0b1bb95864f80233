// A user generates a binary-cache key: real Nix accepts it, the secret is readable by its owner only and never in a repository.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireCommand } from "../../fleet/command";
import { type Editor, openEditor } from "./editor";

const name = "cache.example.org-1";
let editor: Editor;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "nd-keys-"));
  editor = await openEditor();
  // with hosts the key can also be made on one of them
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host stage\b/).waitFor();
});

afterAll(async () => {
  await editor?.close();
  rmSync(folder, { recursive: true });
});

test("a name that Nix would cut is refused while it is typed", async () => {
  await editor.runCommand("Nix Deploy: Generate a Binary Cache Key");
  await editor.pickRows("This machine").first().click();
  await editor.quickInput.fill("cache example");
  await editor.inputProblem("Nix would cut the name at the blank.").waitFor();
  await editor.page.keyboard.press("Escape");
});

test("the secret half gets mode 0600, the public half is shown, and Nix signs with it", async () => {
  await editor.runCommand("Nix Deploy: Generate a Binary Cache Key");
  await editor.pickRows("This machine").first().click();
  await editor.answerInput("Generate a Binary Cache Key", name);
  await editor.chooseFolder(folder);
  await editor.notification(`Public key: ${name}:`).waitFor();
  await editor.screenshot("key-generated");

  const secret = path.join(folder, `${name}.secret`);
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  const publicKey = readFileSync(path.join(folder, `${name}.public`), "utf8").trim();
  await editor.notification(`Public key: ${publicKey}`).waitFor();

  const file = path.join(folder, "signed");
  await requireCommand(["cp", "/etc/hostname", file]);
  const stored = await requireCommand(["nix-store", "--add", file]);
  await requireCommand(["nix", "store", "sign", "--key-file", secret, stored]);
  await requireCommand([
    "nix",
    "store",
    "verify",
    "--no-contents",
    "--trusted-public-keys",
    publicKey,
    stored,
  ]);
});

test("an existing key is not overwritten", async () => {
  const before = readFileSync(path.join(folder, `${name}.secret`), "utf8");
  await editor.runCommand("Nix Deploy: Generate a Binary Cache Key");
  await editor.pickRows("This machine").first().click();
  await editor.answerInput("Generate a Binary Cache Key", name);
  await editor.chooseFolder(folder);
  await editor.notification("exists already and is not overwritten").waitFor();
  expect(readFileSync(path.join(folder, `${name}.secret`), "utf8")).toBe(before);
});

test("a folder inside a Git work tree is refused", async () => {
  const repository = path.join(folder, "repository");
  mkdirSync(repository);
  await requireCommand(["git", "init", "--quiet", repository]);
  await editor.runCommand("Nix Deploy: Generate a Binary Cache Key");
  await editor.pickRows("This machine").first().click();
  await editor.answerInput("Generate a Binary Cache Key", name);
  await editor.chooseFolder(repository);
  await editor.notification("A secret key must not get into a repository").waitFor();
  expect(readdirSync(repository)).toEqual([".git"]);
});

test("the secret is in no log of the editor", async () => {
  const secret = readFileSync(path.join(folder, `${name}.secret`), "utf8").split(":")[1]!;
  const logs = path.join(path.dirname(editor.workspace), "d");
  const found = await requireCommand([
    "sh",
    "-c",
    `grep -rlF -- "$1" "$2" || true`,
    "sh",
    secret.slice(0, 40),
    logs,
  ]);
  expect(found).toBe("");
});
