// The editing features through the built server: that each request is answered in the protocol's form. What the answers
// say is tested beside the features.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentLink,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  LocationLink,
  SymbolInformation,
} from "vscode-languageserver/node";
import type { EditResult, FleetSnapshot } from "../../server/src/protocol";
import { buildOnce, LspClient, makeWorkspace, uri } from "../harness/lspClient";

const KEY = "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";
const TEXT = `{
  nix.settings.substituters = [ "https://cache.nixos.org" ];
  nix.settings.trusted-public-keys = [ "${KEY}" ];
  nix.settings.fall
}
`;

beforeAll(buildOnce, 60_000);

async function start(): Promise<LspClient> {
  const client = await LspClient.start({ roots: [await makeWorkspace({ "a.nix": TEXT })] });
  onTestFinished(() => client.dispose());
  await client.open("a.nix");
  return client;
}

function ask<R>(client: LspClient, method: string, line: number, character: number): Promise<R> {
  return client.request<R>(`textDocument/${method}`, {
    textDocument: { uri: uri(client.path("a.nix")) },
    position: { line, character },
    context: { includeDeclaration: true },
  });
}

function askFile<R>(client: LspClient, method: string, more: object = {}): Promise<R> {
  return client.request<R>(`textDocument/${method}`, {
    textDocument: { uri: uri(client.path("a.nix")) },
    ...more,
  });
}

test("hover, completion, definition and references are answered at a place", async () => {
  const client = await start();
  expect(await ask<Hover>(client, "hover", 1, 20)).toMatchObject({
    contents: { kind: "markdown", value: expect.stringContaining("substituters") },
    range: { start: { line: 1, character: 15 } },
  });
  const items = await ask<CompletionItem[]>(client, "completion", 3, 19);
  expect(items.find(item => item.label === "fallback")).toMatchObject({
    insertTextFormat: 2,
    textEdit: {
      range: { start: { line: 3, character: 15 }, end: { line: 3, character: 19 } },
      newText: `fallback = $\{1|true,false|};$0`,
    },
  });
  const [definition] = await ask<Location[]>(client, "definition", 2, 50);
  expect(definition?.range.start.line).toBe(1);
  expect(await ask<Location[]>(client, "references", 1, 40)).toHaveLength(1);
});

test("symbols, links, hints and lenses are answered for a file", async () => {
  const client = await start();
  const symbols = await askFile<DocumentSymbol[]>(client, "documentSymbol");
  expect(symbols.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["substituters", "trusted-public-keys"]),
  );
  const [link] = await askFile<DocumentLink[]>(client, "documentLink");
  expect(link?.target).toBe("https://cache.nixos.org/nix-cache-info");
  const range = { start: { line: 0, character: 0 }, end: { line: 5, character: 0 } };
  const [hint] = await askFile<InlayHint[]>(client, "inlayHint", { range });
  expect(hint).toMatchObject({ label: "cache.nixos.org", position: { line: 2 } });
  expect(await askFile<CodeLens[]>(client, "codeLens")).toEqual([]);
  const found = await client.request<SymbolInformation[]>("workspace/symbol", { query: "nixos" });
  expect(found.map(({ name }) => name)).toContain("cache.nixos.org-1");
});

test("places outside the text and unknown files are answered with nothing", async () => {
  const client = await start();
  expect(await ask<Hover | null>(client, "hover", 400, 7)).toBeNull();
  const textDocument = { uri: "file:///nowhere/b.nix" };
  const position = { line: 0, character: 0 };
  expect(await client.request("textDocument/hover", { textDocument, position })).toBeNull();
  expect(await client.request("textDocument/completion", { textDocument, position })).toEqual([]);
});

test("facts that are no facts are named in the log, good ones are taken", async () => {
  const client = await start();
  await client.connection.sendNotification("nixDeploy/setFacts", { hosts: 3 });
  await client.until(() => client.log.some(line => line.includes("bad facts")), "the log of bad facts");
  await client.connection.sendNotification("nixDeploy/setFacts", {
    hosts: [{ host: "a", tier: "observed" }],
  });
  expect(await client.request("nixDeploy/fleet")).toMatchObject({ version: 1 });
});

test("an edit request is answered with text edits, or with every reason against it", async () => {
  const client = await start();
  const target = { path: client.path("a.nix") };
  const operation = {
    kind: "addToList",
    target,
    option: "nix.settings.substituters",
    items: ["https://b.example.org"],
  };
  expect(await client.request<EditResult>("nixDeploy/edit", { operations: [operation] })).toMatchObject({
    kind: "edit",
    changes: {
      [uri(target.path)]: [
        { range: { start: { line: 1, character: 57 } }, newText: ' "https://b.example.org"' },
      ],
    },
  });
  const nobody = { ...operation, target: { hosts: ["nobody"] } };
  expect(await client.request<EditResult>("nixDeploy/edit", { operations: [nobody] })).toMatchObject({
    kind: "refused",
    reasons: [{ snippet: 'nix.settings.substituters = [ "https://b.example.org" ];' }],
  });
  expect(
    await client.request<EditResult>("nixDeploy/edit", { operations: [{ kind: "what" }] }),
  ).toMatchObject({
    kind: "refused",
  });
});

test("a flake's hosts get lenses with the commands of the client, and are in the fleet", async () => {
  const flake = `{
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
    deploy.nodes.web = {
      hostname = "web.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
    };
  };
}
`;
  const web = `{ nix.settings.substituters = [ "https://c.example.org" ]; }\n`;
  const client = await LspClient.start({
    roots: [await makeWorkspace({ "flake.nix": flake, "web.nix": web })],
  });
  onTestFinished(() => client.dispose());
  await client.open("flake.nix");
  const textDocument = { uri: uri(client.path("flake.nix")) };
  const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument });
  expect(
    lenses.map(({ range, command }) => `${range.start.line} ${command?.title} ${command?.arguments}`),
  ).toEqual(expect.arrayContaining(["3 Deploy web", "3 Review web", "3 Build web"]));
  expect(await client.request<FleetSnapshot>("nixDeploy/fleet")).toMatchObject({
    hosts: [
      {
        name: "web",
        hostname: "web.example.org",
        configuration: "web",
        substituters: expect.arrayContaining(["https://c.example.org"]),
      },
    ],
    caches: expect.arrayContaining([
      expect.objectContaining({ url: "https://c.example.org", usedBy: ["web"] }),
    ]),
  });
  const operations = [
    {
      kind: "addToList",
      target: { hosts: ["web"] },
      option: "nix.settings.trusted-public-keys",
      items: [KEY],
    },
  ];
  expect(await client.request<EditResult>("nixDeploy/edit", { operations })).toMatchObject({
    kind: "edit",
    changes: {
      [uri(client.path("web.nix"))]: [
        { newText: expect.stringContaining("nix.settings.trusted-public-keys") },
      ],
    },
  });
  const before = client.fleetChanges;
  await client.edit("flake.nix", [4, 18, 4, 21], "www");
  await client.until(() => client.fleetChanges > before, "the fleet has changed");
});

const NODE = `{
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
    deploy.nodes.web = {
      hostname = "web.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
    };
  };
}
`;

test("lenses and hovers tell the state of hosts as the client reports it, without judging anything anew", async () => {
  const client = await LspClient.start({ roots: [await makeWorkspace({ "flake.nix": NODE })] });
  onTestFinished(() => client.dispose());
  await client.open("flake.nix");
  const textDocument = { uri: uri(client.path("flake.nix")) };
  const states = async () =>
    (await client.request<CodeLens[]>("textDocument/codeLens", { textDocument }))
      .filter(({ range }) => range.start.line === 3)
      .map(({ command }) => `${command?.title} ${command?.command} ${command?.arguments}`);
  expect(await states()).toEqual([
    "Deploy nixDeploy.deploy web",
    "Review nixDeploy.review web",
    "Build nixDeploy.build web",
    "State not known nixDeploy.probeHost web",
  ]);
  const [fleets, refreshes] = [client.fleetChanges, client.lensRefreshes];
  const state = { text: "3 behind", detail: "It runs an older commit." };
  await client.connection.sendNotification("nixDeploy/setFacts", {
    hosts: [{ host: "web", tier: "observed", state }],
  });
  await client.until(() => client.lensRefreshes > refreshes, "the lenses are to be asked for again");
  expect((await states()).at(-1)).toBe("3 behind nixDeploy.revealHost web");
  expect(client.fleetChanges).toBe(fleets);
  const position = { line: 3, character: 18 };
  const { contents } = await client.request<Hover>("textDocument/hover", { textDocument, position });
  expect(contents).toMatchObject({ value: expect.stringContaining("State: **3 behind**") });
});

test("where the client takes links, the whole address is the origin of a definition", async () => {
  const client = await LspClient.start({
    roots: [await makeWorkspace({ "flake.nix": NODE })],
    capabilities: { textDocument: { definition: { linkSupport: true } } },
  });
  onTestFinished(() => client.dispose());
  await client.open("flake.nix");
  await client.request("nixDeploy/fleet");
  const textDocument = { uri: uri(client.path("flake.nix")) };
  const place = { textDocument, position: { line: 4, character: 22 } };
  const links = await client.request<LocationLink[]>("textDocument/definition", place);
  expect(links.map(({ targetRange }) => targetRange.start.line)).toEqual([2, 3]);
  expect(links[0]?.originSelectionRange).toEqual({
    start: { line: 4, character: 17 },
    end: { line: 4, character: 34 },
  });
});

test("a document that is in no file yet is judged, too", async () => {
  const client = await start();
  const textDocument = { uri: "untitled:Untitled-1", languageId: "nix", version: 1 };
  const text = '{ nix.settings.substituters = [ "htps://a.example.org" ]; }';
  await client.connection.sendNotification("textDocument/didOpen", {
    textDocument: { ...textDocument, text },
  });
  await client.until(
    () => client.published.get(textDocument.uri)?.diagnostics.length === 1,
    "diagnostics of the untitled document",
  );
});

test("findings of workflows have their fixes, and every finding can be ignored where it stands", async () => {
  const workflow = ".github/workflows/a.yml";
  const text = "jobs:\n  a:\n    steps:\n      - run: nixos-rebuild switch --use-remote-sudo\n";
  const client = await LspClient.start({ roots: [await makeWorkspace({ [workflow]: text })] });
  onTestFinished(() => client.dispose());
  await client.open(workflow);
  await client.untilDiagnostics(workflow, found => found.length > 0);
  const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uri(client.path(workflow)) },
    range: client.diagnostics(workflow)[0]?.range,
    context: { diagnostics: [] },
  });
  expect(actions.map(({ title, isPreferred }) => [title, isPreferred])).toEqual([
    ["Write --sudo", true],
    ["Ignore flag-deprecated here", undefined],
  ]);
});

test("a fix may be a command, with the file that it is about", async () => {
  const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
  };
}
`;
  const root = await makeWorkspace({
    "flake.nix": flake,
    "hosts/web.nix":
      '{ networking.hostName = "web"; nix.settings.secret-key-files = [ "/etc/nix/cache-1.secret" ]; }\n',
  });
  const git = (...args: string[]) => promisify(execFile)("git", ["-C", root, ...args]);
  await git("init", "-q");
  await git("add", "flake.nix");
  const client = await LspClient.start({ roots: [root] });
  onTestFinished(() => client.dispose());

  await client.open("flake.nix");
  await client.untilDiagnostics("flake.nix", found => found.some(({ code }) => code === "import-missing"));
  const title = "Let Git know hosts/web.nix (git add -N)";
  const [track, ...others] = await actionsAt(client, "flake.nix", "import-missing");
  const diagnostics = [expect.objectContaining({ code: "import-missing" })];
  const command = {
    title,
    command: "nixDeploy.trackFile",
    arguments: [uri(client.path("hosts/web.nix"))],
  };
  expect(track).toEqual({ title, kind: "quickfix", command, diagnostics });
  expect(others.map(each => each.title)).toEqual(["Ignore import-missing here"]);

  await git("add", "--intent-to-add", "hosts/web.nix");
  await client.touched(".git/index");
  await client.untilDiagnostics("flake.nix", found => found.length === 0);
  await client.open("hosts/web.nix");
  await client.untilDiagnostics("hosts/web.nix", found => found.length > 0);
  const [generate] = await actionsAt(client, "hosts/web.nix", "signing-key-unprovisioned");
  expect(generate?.edit).toBeUndefined();
  expect(generate?.command).toEqual({
    title: "Generate a cache key…",
    command: "nixDeploy.generateCacheKey",
  });
});

function actionsAt(client: LspClient, file: string, code: string): Promise<CodeAction[]> {
  return client.request<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uri(client.path(file)) },
    range: client.diagnostics(file).find(each => each.code === code)?.range,
    context: { diagnostics: [] },
  });
}
