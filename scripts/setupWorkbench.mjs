// Puts a real VS Code (the server build inside npm's code-server) and the Node it needs under .vscode-test/host.
// Idempotent: a second call returns at once. Needs only the npm registry; a C++ compiler is used if there is one.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { root, runMain, SetupError } from "./setup.mjs";

const codeServer = "4.139.1";
const nodeVersion = "24.21.0";
/** Raised when the steps below change, so that a cached folder of older steps is made anew. */
const recipe = 1;

const folder = path.join(root, ".vscode-test/host");
const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
const nodePackage = `node-linux-${process.arch}`;
const nodeFolder = path.join(folder, "node_modules", nodePackage);
const stamp = path.join(folder, "ready.json");
const wanted = JSON.stringify({ codeServer, nodeVersion, recipe });

/** What starts the server: `node serverMain …`. */
export const workbench = {
  node: path.join(nodeFolder, "bin/node"),
  serverMain: path.join(vscode, "out/server-main.js"),
};

/** Parts of the download that no test uses: 370 of 780 MB. */
const unused = [
  ...[
    "node_modules/@github",
    "node_modules/@microsoft/mxc-sdk",
    "node_modules/@devcontainers",
    "node_modules/@vscode/sandbox-runtime",
    "node_modules/@vscode/windows-process-tree",
    "node_modules/@vscode/spdlog/deps",
    "node_modules/@vscode/spdlog/build/Release/obj.target",
    "extensions/copilot",
    "extensions/mermaid-markdown-features",
  ].map(part => path.join(vscode, part)),
  ...["share", "include", "CHANGELOG.md"].map(part => path.join(nodeFolder, part)),
];

/** Installs the workbench if it is not there yet. */
export function ensureWorkbench() {
  if (process.platform !== "linux")
    throw new SetupError("the workbench in the browser runs on Linux only; use `npm run test:electron` here");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return workbench;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = { "code-server": codeServer, [nodePackage]: nodeVersion };
  const manifest = { name: "vscode-host", version: "0.0.0", private: true, dependencies };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  timed("npm install code-server and node", () => npm(["install", "--ignore-scripts"], folder));
  // its own shrinkwrap pins what the server needs; the page loads files from that folder too
  timed("npm install of the server's dependencies", () =>
    npm(["install", "--omit=dev", "--ignore-scripts"], vscode),
  );
  timed("native modules", buildNative);
  for (const part of unused) rmSync(part, { recursive: true, force: true });
  const version = execFileSync(workbench.node, [workbench.serverMain, "--version"], { encoding: "utf8" });
  writeFileSync(stamp, wanted);
  console.log(`[workbench] VS Code ${version.split("\n")[0]} is ready`);
  return workbench;
}

/** Log files and the Output panel need spdlog; without the watchdog the server prints an error line. */
function buildNative() {
  const env = {
    PATH: `${path.join(nodeFolder, "bin")}:${process.env.PATH}`,
    npm_config_nodedir: nodeFolder,
    JOBS: "max",
  };
  try {
    // the project's own `ignore-scripts` reaches npm by the environment when we run below `npm test`
    npm(["rebuild", "--ignore-scripts=false", "@vscode/spdlog", "@vscode/native-watchdog"], vscode, env);
  } catch (error) {
    console.warn(`[workbench] no C++ compiler? (${error.message})`);
  }
  if (!existsSync(path.join(vscode, "node_modules/@vscode/spdlog/build/Release/spdlog.node")))
    console.warn("[workbench] @vscode/spdlog was not compiled: the Output panel will stay empty");
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
