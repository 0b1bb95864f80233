// A user logs in to Cachix and to Attic and pushes: the tokens reach the programs, which are recorders here, and nothing else: no
// file of the editor, no file of the repository, no argument of any process that the machine shows.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireCommand } from "../../fleet/command";
import { type Recorder, recorder } from "../../harness/recorder";
import { type Editor, openEditor } from "./editor";

const CACHIX_TOKEN = "tok-cachix-0123456789-very-secret";
const ATTIC_TOKEN = "tok-attic-9876543210-very-secret";
let editor: Editor;
let cachix: Recorder;
let attic: Recorder;
let stored: string;
const watch = watchArguments();

beforeAll(async () => {
  // programs that tell their secrets are not believed
  cachix = recorder("cachix", ["CACHIX_AUTH_TOKEN"], { says: `pushing with ${CACHIX_TOKEN}\n` });
  attic = recorder("attic", [], { says: `pushing with ${ATTIC_TOKEN}\n` });
  const settings = { "nixDeploy.tools.cachix": cachix.program, "nixDeploy.tools.attic": attic.program };
  editor = await openEditor({ settings: { ...settings, "nixDeploy.push.upstreamCaches": [] } });
  await editor.showSidebar();
  await editor.treeRow("Hosts", /^host stage\b/).waitFor();
  const file = path.join(path.dirname(editor.workspace), "pushed");
  writeFileSync(file, "pushed");
  stored = await requireCommand(["nix-store", "--add", file]);
});

afterAll(async () => {
  watch.stop();
  await editor?.close();
});

/** Answers the input box that asks this. */
async function type(asks: string, text: string): Promise<void> {
  await editor.inputProblem(asks).waitFor();
  await editor.quickInput.fill(text);
  await editor.page.keyboard.press("Enter");
  await editor.inputProblem(asks).waitFor({ state: "hidden" });
}

async function service(title: string): Promise<void> {
  await editor.runCommand("Nix Deploy: Cache Services");
  await editor.pickRows(title).first().click();
}

async function push(destination: string): Promise<void> {
  await editor.runCommand("Nix Deploy: Push to a Cache");
  await editor.pickRows("Another Cache").first().click();
  await type("or a store URL", destination);
  await editor.pickMany("A Store Path…");
  await type("A path of the store on this machine", stored);
}

test("Cachix: the token is in the environment of the program that pushes and pins", async () => {
  await service("Cachix: Log In");
  await editor.quickInput.fill(CACHIX_TOKEN);
  await editor.page.keyboard.press("Enter");
  await editor.notification("The token is kept").waitFor();
  await push("cachix:my-cache");
  await editor.pickRows("zstd").first().click();
  await type("kept from being collected", "production");
  await editor.notification("Pushed to my-cache at Cachix.").waitFor();
  expect(cachix.calls().map(({ args }) => args[0])).toEqual(["push", "pin"]);
  for (const { env } of cachix.calls()) expect(env["CACHIX_AUTH_TOKEN"]).toBe(CACHIX_TOKEN);
});

test("Attic: the token is in a file for us alone, which is gone afterwards", async () => {
  await service("Attic: Log In");
  await type("A name for the server", "default");
  await type("Its address", "https://attic.example.org");
  await type("A token of the server", ATTIC_TOKEN);
  await push("attic:my-cache");
  await editor.notification("Pushed to my-cache at Attic.").waitFor();
  const [call] = attic.calls();
  expect(call?.config).toMatch(/^600 700\n/);
  expect(call?.config).toContain(ATTIC_TOKEN);
});

test("the tokens are in no file of the editor or of the repository, and were in no argument", async () => {
  await editor.runCommand("Nix Deploy: Show Log");
  await editor.page.locator('.monaco-editor[data-uri^="output:"]').waitFor();
  // what the programs were called with is what the whole machine could read; the search for the tokens names them, too
  watch.stop();
  const lines = watch.seen();
  for (const token of [CACHIX_TOKEN, ATTIC_TOKEN]) expect(await editor.filesWith(token)).toEqual([]);
  expect(lines).toContain(cachix.program);
  for (const token of [CACHIX_TOKEN, ATTIC_TOKEN]) {
    expect(lines).not.toContain(token);
    for (const { commandLine } of [...cachix.calls(), ...attic.calls()])
      expect(commandLine).not.toContain(token);
  }
});

/** Reads the arguments of all processes again and again, as anybody on the machine could. */
function watchArguments(): { readonly seen: () => string; readonly stop: () => void } {
  const lines = new Set<string>();
  const timer = setInterval(() => {
    for (const id of readdirSync("/proc")) {
      if (!/^\d+$/.test(id)) continue;
      try {
        lines.add(readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // it has ended in the meantime
      }
    }
  }, 15);
  return { seen: () => [...lines].join("\n"), stop: () => clearInterval(timer) };
}
