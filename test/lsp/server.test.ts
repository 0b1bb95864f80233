// The built server over stdio, driven as an editor would: open, edit, fix, restart, watch, and whatever goes wrong.

import { execFile } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type CodeAction, type TextDocumentEdit, TextEdit } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { FleetSnapshot } from "../../server/src/protocol";
import { buildOnce, type ClientOptions, LspClient, makeWorkspace, uri } from "../harness/lspClient";

const BAD_URL = "htps://cache.example.org";
const BAD = `{ nix.settings.substituters = [ "${BAD_URL}" ]; }\n`;
const GOOD = `{ nix.settings.substituters = [ "https://cache.example.org" ]; }\n`;

const FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./web.nix ]; };
  };
}
`;

beforeAll(buildOnce, 60_000);

async function start(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ClientOptions> = {},
): Promise<LspClient> {
  const client = await LspClient.start({ roots: [await makeWorkspace(files)], ...options });
  onTestFinished(() => client.dispose());
  return client;
}

async function actions(client: LspClient, name: string, at: number, only?: string[]): Promise<CodeAction[]> {
  const place = { line: 0, character: at };
  return client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uri(client.path(name)) },
    range: { start: place, end: place },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
}

/** The text after an action's edits of that document. */
function applied(text: string, action: CodeAction | undefined): string {
  const change = action?.edit?.documentChanges?.[0] as TextDocumentEdit;
  const edits = change.edits.filter(TextEdit.is);
  return TextDocument.applyEdits(TextDocument.create("file:///a", "nix", 0, text), edits);
}

test("an opened document gets its findings, with a link to the rule's page", async () => {
  const client = await start({ "a.nix": BAD });
  await client.open("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length > 0);
  expect(client.diagnostics("a.nix")[0]).toMatchObject({
    source: "nix-deploy",
    code: "substituter-unknown-scheme",
    severity: 1,
    codeDescription: { href: expect.stringMatching(/docs\/rules\/substituter-unknown-scheme\.md$/) },
  });
  expect(client.published.get(uri(client.path("a.nix")))?.version).toBe(1);
});

test("files that nobody has open are judged too", async () => {
  const client = await start({ "deep/er/b.nix": BAD, "c.nix": GOOD });
  await client.untilDiagnostics("deep/er/b.nix", diagnostics => diagnostics.length === 1);
  expect(client.diagnostics("c.nix")).toEqual([]);
});

test("an edit that repairs clears the finding, one that breaks brings it back", async () => {
  const client = await start({ "a.nix": BAD });
  await client.open("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  const column = BAD.indexOf("htps");
  await client.edit("a.nix", [0, column, 0, column + 4], "https");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 0);
  await client.edit("a.nix", [0, column, 0, column + 5], "htps");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
});

test("the quick fix repairs the text and names the document's version", async () => {
  const client = await start({ "a.nix": BAD });
  await client.open("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  const [action] = await actions(client, "a.nix", BAD.indexOf("htps") + 1);
  expect(action).toMatchObject({ kind: "quickfix", isPreferred: true });
  expect(action?.edit?.documentChanges?.[0]).toMatchObject({ textDocument: { version: 1 } });
  expect(applied(BAD, action)).toBe(GOOD);
});

test("fix-all applies every safe fix and is offered only on request", async () => {
  const text = `{ nix.settings.substituters = [ "htps://a.example.org" "htps://b.example.org" ]; }\n`;
  const client = await start({ "a.nix": text });
  await client.open("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 2);
  const [fixAll] = await actions(client, "a.nix", 0, ["source.fixAll"]);
  expect(fixAll?.kind).toBe("source.fixAll.nix-deploy");
  expect(applied(text, fixAll)).toBe(text.replaceAll("htps", "https"));
  expect(await actions(client, "a.nix", 0)).toEqual([]);
});

test("positions count UTF-16 units behind accents and emoji", async () => {
  const text = `{ a = "é👩‍🚀"; nix.settings.substituters = [ "${BAD_URL}" ]; }\n`;
  const client = await start({ "a.nix": text });
  await client.open("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  const range = client.diagnostics("a.nix")[0]!.range;
  expect(text.slice(range.start.character, range.end.character)).toContain("htps");
  expect(range.start.character).toBe(text.indexOf("htps"));
});

test("a closed document is what the disk says", async () => {
  const client = await start({ "a.nix": BAD });
  await client.open("a.nix", GOOD);
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 0);
  await client.close("a.nix");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
});

test("files that come, change and go on disk move the findings", async () => {
  const client = await start({ "a.nix": GOOD });
  await writeFile(client.path("a.nix"), BAD);
  await mkdir(client.path("sub"));
  await writeFile(client.path("sub/b.nix"), BAD);
  await client.touched("a.nix", "sub");
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  await client.untilDiagnostics("sub/b.nix", diagnostics => diagnostics.length === 1);
  await rm(client.path("sub"), { recursive: true });
  await client.touched("sub");
  await client.untilDiagnostics("sub/b.nix", diagnostics => diagnostics.length === 0);
});

test("a file of a flake is there once Git tracks it", async () => {
  const client = await start({ "flake.nix": FLAKE, "web.nix": "{ }\n" });
  const git = (...args: string[]) => promisify(execFile)("git", ["-C", client.path("."), ...args]);
  await git("init", "-q");
  await git("add", "flake.nix");
  await client.touched(".git/index");
  await client.untilDiagnostics("flake.nix", ([first]) => first?.code === "import-missing");
  await git("add", "-N", "web.nix");
  await client.touched(".git/index");
  await client.untilDiagnostics("flake.nix", diagnostics => diagnostics.length === 0);
  await rm(client.path(".git"), { recursive: true });
  await writeFile(client.path("flake.nix"), FLAKE.replace("./web.nix", "./gone.nix"));
  await client.touched("flake.nix");
  await client.untilDiagnostics("flake.nix", ([first]) => String(first?.message).includes("does not exist"));
});

test("an open document hides what happens on disk", async () => {
  const client = await start({ "a.nix": GOOD, "b.nix": GOOD });
  await client.open("a.nix");
  await writeFile(client.path("a.nix"), BAD);
  await writeFile(client.path("b.nix"), BAD);
  await client.touched("a.nix", "b.nix");
  await client.untilDiagnostics("b.nix", diagnostics => diagnostics.length === 1);
  expect(client.diagnostics("a.nix")).toEqual([]);
});

test("workspace folders come and go", async () => {
  const client = await start({ "a.nix": GOOD });
  const second = await makeWorkspace({ "b.nix": BAD });
  onTestFinished(() => rm(second, { recursive: true, force: true }));
  const folder = { uri: uri(second), name: "second" };
  const file = uri(path.join(second, "b.nix"));
  const change = (added: object[], removed: object[]) =>
    client.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added, removed } });
  await change([folder], []);
  await client.until(() => client.published.get(file)?.diagnostics.length === 1, "the new folder's finding");
  await change([], [folder]);
  await client.until(() => client.published.get(file)?.diagnostics.length === 0, "its end");
});

test("a bad setting is named in the log and the good ones apply", async () => {
  const client = await start({ "a.nix": BAD });
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  await client.configure({
    rules: { "substituter-unknown-scheme": "hint", "no-such": "error" },
    codeLens: 3,
  });
  await client.untilDiagnostics("a.nix", ([first]) => first?.severity === 4);
  expect(client.log.some(line => line.includes("nixDeploy.rules.no-such"))).toBe(true);
  await client.configure({ rules: { "substituter-unknown-scheme": "off" } });
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 0);
});

test("a cancelled request is answered as cancelled and the server goes on", async () => {
  const client = await start({ "a.nix": BAD });
  const { CancellationTokenSource, ResponseError } = await import("vscode-languageserver/node");
  const source = new CancellationTokenSource();
  const answer = client.connection.sendRequest("nixDeploy/fleet", source.token);
  source.cancel();
  const outcome = await answer.then(
    () => "answered",
    (error: unknown) => (error instanceof ResponseError ? error.code : error),
  );
  expect([-32800, "answered"]).toContain(outcome);
  expect((await client.request<FleetSnapshot>("nixDeploy/fleet")).version).toBe(1);
});

test("a server that is killed and started again says the same", async () => {
  const client = await start({ "a.nix": BAD });
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  client.process.kill("SIGKILL");
  await client.exited;
  const again = await LspClient.start({ roots: [path.dirname(client.path("a.nix"))] });
  onTestFinished(() => again.dispose());
  await again.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
});

test("the server talks over node's ipc as well", async () => {
  const client = await start({ "a.nix": BAD }, { transport: "node-ipc" });
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
});

test("binary garbage, invalid UTF-8 and a vanished file give one clear line or nothing", async () => {
  const client = await start({
    "garbage.nix": new Uint8Array([0, 1, 2, 255]),
    "latin1.nix": new Uint8Array([0x22, 0xe9, 0x22]),
    "a.nix": BAD,
  });
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  await client.untilDiagnostics("latin1.nix", diagnostics => diagnostics.length === 1);
  expect(client.diagnostics("garbage.nix")).toMatchObject([
    { message: "garbage.nix is not text: there is a NUL byte at offset 0", severity: 3 },
  ]);
  await client.touched("never-was.nix");
  await client.open("never-saved.nix", BAD);
  await client.untilDiagnostics("never-saved.nix", diagnostics => diagnostics.length === 1);
  await client.close("never-saved.nix");
  await client.untilDiagnostics("never-saved.nix", diagnostics => diagnostics.length === 0);
});

test("a file of 1 MB is judged and a larger one than the limit is named", async () => {
  const filler = `  # ${"x".repeat(97)}\n`;
  const large = `{\n${filler.repeat(10_000)}  nix.settings.substituters = [ "${BAD_URL}" ];\n}\n`;
  const client = await start({ "large.nix": large, "huge.nix": filler.repeat(25_000) });
  await client.open("large.nix");
  await client.untilDiagnostics("large.nix", diagnostics => diagnostics.length === 1);
  await client.untilDiagnostics("huge.nix", ([first]) =>
    String(first?.message).includes("larger than 2.0 MB"),
  );
});

test("5,000 files and a symlink loop end in the same findings", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [`d${i % 100}/f${i}.nix`, "{ }\n"]),
  );
  const root = await makeWorkspace({ ...files, "z.nix": BAD });
  await symlink(root, path.join(root, "d1/loop"));
  const client = await LspClient.start({ roots: [root] });
  onTestFinished(() => client.dispose());
  await client.untilDiagnostics("z.nix", diagnostics => diagnostics.length === 1);
  expect([...client.published.values()].filter(each => each.diagnostics.length > 0)).toHaveLength(1);
}, 30_000);

test("half-typed text at every length never ends the server", async () => {
  const client = await start({ "a.nix": "" }, { initializationOptions: { quietPeriodMs: 0 } });
  await client.open("a.nix", "");
  for (let end = 0; end < BAD.length; end++)
    await client.edit("a.nix", [0, end, 0, end], BAD.slice(end, end + 1).replace("\n", " "));
  await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length === 1);
  expect(client.log.filter(line => line.includes("crash"))).toEqual([]);
});
