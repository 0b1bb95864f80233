// Puts real VS Codes (the server build inside npm's code-server) and the Node that each needs under .vscode-test: a current
// one, and the oldest that the extension supports. Idempotent: a second call returns at once. Needs the npm registry, and for log
// files a C++ compiler, which is installed if it is missing.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureCommands, root, runMain, SetupError } from "./setup.mjs";

/** Raised when the steps below change, so that a cached folder of older steps is made anew. */
const recipe = 1;
const nodePackage = `node-linux-${process.arch}`;

/**
 * The editors there are. `native`: its modules that are compiled here; log files and the Output panel need spdlog, and without
 * the watchdog the server prints an error line. `pinned`: dependencies that it names by a Git repository, and the release of
 * npm which is the same.
 */
const editions = {
  current: {
    folder: "host",
    codeServer: "4.139.1",
    node: "24.21.0",
    native: ["@vscode/spdlog", "@vscode/native-watchdog"],
    pinned: {},
  },
  floor: {
    folder: "floor",
    codeServer: "4.105.1",
    node: "22.23.5",
    native: [],
    pinned: { "@parcel/watcher": "2.5.1" },
  },
};

/** @typedef {keyof typeof editions} Edition */

/** Parts of the download that no test uses: 370 of the 780 MB of the current edition. */
const unusedOfServer = [
  "node_modules/@github",
  "node_modules/@microsoft/mxc-sdk",
  "node_modules/@devcontainers",
  "node_modules/@vscode/sandbox-runtime",
  "node_modules/@vscode/windows-process-tree",
  "node_modules/@vscode/spdlog/deps",
  "node_modules/@vscode/spdlog/build/Release/obj.target",
  "extensions/copilot",
  "extensions/mermaid-markdown-features",
];
const unusedOfNode = ["share", "include", "CHANGELOG.md"];

/**
 * Installs an edition of the workbench if it is not there yet. What starts its server: `node serverMain …`.
 * @param {Edition} [name]
 */
export function ensureWorkbench(name = "current") {
  if (process.platform !== "linux")
    throw new SetupError("the workbench in the browser runs on Linux only; use `npm run test:electron` here");
  const edition = editions[name];
  const folder = path.join(root, ".vscode-test", edition.folder);
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
  const nodeFolder = path.join(folder, "node_modules", nodePackage);
  const workbench = {
    node: path.join(nodeFolder, "bin/node"),
    serverMain: path.join(vscode, "out/server-main.js"),
  };
  const stamp = path.join(folder, "ready.json");
  const wanted = JSON.stringify({ ...edition, recipe });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return workbench;
  install({ edition, folder, vscode, nodeFolder });
  const version = execFileSync(workbench.node, [workbench.serverMain, "--version"], { encoding: "utf8" });
  writeFileSync(stamp, wanted);
  console.log(`[workbench] VS Code ${version.split("\n")[0]} is ready`);
  return workbench;
}

function install({ edition, folder, vscode, nodeFolder }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = { "code-server": edition.codeServer, [nodePackage]: edition.node };
  const manifest = { name: "vscode-host", version: "0.0.0", private: true, dependencies };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  timed("npm install code-server and node", () => npm(["install", "--ignore-scripts"], folder));
  for (const [dependency, version] of Object.entries(edition.pinned)) pin(vscode, dependency, version);
  // its own shrinkwrap pins what the server needs; the page loads files from that folder too
  timed("npm install of the server's dependencies", () =>
    npm(["install", "--omit=dev", "--ignore-scripts"], vscode),
  );
  if (edition.native.length > 0)
    timed("native modules", () => buildNative(vscode, nodeFolder, edition.native));
  for (const part of unusedOfServer) rmSync(path.join(vscode, part), { recursive: true, force: true });
  for (const part of unusedOfNode) rmSync(path.join(nodeFolder, part), { recursive: true, force: true });
}

/** Takes a dependency from the registry where the server's manifest and shrinkwrap name a Git repository. */
function pin(vscode, dependency, version) {
  for (const name of ["package.json", "npm-shrinkwrap.json"]) {
    const file = path.join(vscode, name);
    const content = JSON.parse(readFileSync(file, "utf8"));
    const manifest = content.packages?.[""] ?? content;
    manifest.dependencies[dependency] = version;
    if (content.packages) delete content.packages[`node_modules/${dependency}`];
    writeFileSync(file, JSON.stringify(content));
  }
}

/** The workbench works without these, so where nobody may install a compiler it does. */
function buildNative(vscode, nodeFolder, modules) {
  try {
    ensureCommands("python3", "make", "g++");
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.warn(`[workbench] ${error.message}. Without them the Output panel stays empty`);
    return;
  }
  const env = {
    PATH: `${path.join(nodeFolder, "bin")}:${process.env.PATH}`,
    npm_config_nodedir: nodeFolder,
    JOBS: "max",
  };
  try {
    // the project's own `ignore-scripts` reaches npm by the environment when we run below `npm test`
    npm(["rebuild", "--ignore-scripts=false", ...modules], vscode, env);
  } catch (error) {
    console.warn(
      `[workbench] ${modules.join(", ")} can't be compiled: the Output panel stays empty (${error.message})`,
    );
  }
}

function npm(args, cwd, env = {}) {
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...env },
  });
}

function timed(what, action) {
  const start = Date.now();
  action();
  console.log(`[workbench] ${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(() => {
    ensureWorkbench();
    return 0;
  });
