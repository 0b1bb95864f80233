// Loads the built client as the extension host does, with an empty editor in place of `vscode`, activates it and prints how
// long both took. A process of its own for each measurement: what is loaded once is loaded.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { performance } = require("node:perf_hooks");

const root = path.resolve(__dirname, "../..");

/** Does nothing, and can be constructed. */
function nothing() {
  return undefined;
}

/** Anything that the client asks the editor for: can be called, constructed, extended and disposed of. */
function anything() {
  const kept = new Map();
  return new Proxy(nothing, {
    get(target, name) {
      if (name === Symbol.toPrimitive) return () => "";
      if (name === Symbol.iterator) return [][Symbol.iterator];
      if (name === "then") return undefined;
      if (name === "prototype") return target.prototype;
      if (!kept.has(name)) kept.set(name, anything());
      return kept.get(name);
    },
    set: (_target, name, value) => Boolean(kept.set(name, value)),
    apply: () => anything(),
    construct: () => anything(),
  });
}

const editor = {};
const declared = readFileSync(path.join(root, "node_modules/@types/vscode/index.d.ts"), "utf8");
for (const [, name] of declared.matchAll(/^\texport (?:abstract )?(?:class|enum|namespace) (\w+)/gm))
  editor[name] = anything();
editor.workspace.workspaceFolders = [];
editor.workspace.textDocuments = [];
editor.window.visibleTextEditors = [];
editor.l10n.t = message => message;
editor.workspace.getConfiguration = () => ({
  get: (_name, otherwise) => otherwise,
  inspect: () => undefined,
});

const load = Module._load;
Module._load = (request, ...rest) => (request === "vscode" ? editor : load(request, ...rest));

const state = { get: (_key, otherwise) => otherwise, update: async () => undefined, keys: () => [] };
const context = new Proxy(
  {
    subscriptions: [],
    extensionPath: root,
    asAbsolutePath: file => path.join(root, file),
    globalState: { ...state, setKeysForSync: nothing },
    workspaceState: state,
    globalStorageUri: { fsPath: path.join(os.tmpdir(), "nix-deploy-bench-no-storage") },
  },
  { get: (target, name) => (name in target ? target[name] : anything()) },
);

// what the extension host itself imports, and so has loaded before any extension
const loadedByHost =
  "child_process crypto events fs fs/promises http net os path string_decoder url util".split(" ");
for (const name of loadedByHost) require(`node:${name}`);

const before = process.cpuUsage();
const begin = performance.now();
const client = require(path.join(root, "client/dist/extension.js"));
const loaded = performance.now();
client.activate(context);
const activated = performance.now();
const cpu = process.cpuUsage(before).user / 1000;
const measured = { load: loaded - begin, activation: activated - loaded, cpu };
process.stdout.write(JSON.stringify(measured), () => process.exit());
