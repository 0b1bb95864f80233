// A throw-away VS Code in the browser: user data and extensions in a temporary folder, the server, a headless Chromium.
// `npm start` and the editor tests both stand on it.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureCommands, findCommand } from "./setup.mjs";
import { ensureWorkbench } from "./setupWorkbench.mjs";

const bash = { path: "/bin/bash", args: ["--noprofile", "--norc"] };

/** Quiet and repeatable: nothing from the network, no tips, no panels that nobody asked for. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "workbench.editor.useModal": "off",
  "workbench.reduceMotion": "on",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "task.quickOpen.showAll": true,
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.shellIntegration.enabled": false,
  "terminal.integrated.defaultProfile.linux": "bash",
  "terminal.integrated.profiles.linux": { bash },
  "terminal.integrated.automationProfile.linux": bash,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
  "git.enabled": false,
};

/**
 * One world: user data, extensions folder, temporary folder, a workspace, and the edition of the editor that opens it.
 * @param {{ workspace: string, copy: boolean, settings?: Record<string, unknown>, edition?: import("./setupWorkbench.mjs").Edition }} options
 * the folder to open, itself or a copy
 */
export function makeWorld({ workspace, copy, settings = {}, edition = "current" }) {
  // short: the paths of unix sockets must stay under 108 bytes
  const folder = mkdtempSync(path.join(os.tmpdir(), "nd-"));
  const data = path.join(folder, "d");
  const extensions = path.join(folder, "e");
  const temporary = path.join(folder, "t");
  for (const part of [extensions, temporary, path.join(data, "data/User"), path.join(data, "data/Machine")])
    mkdirSync(part, { recursive: true });
  const opened = copy ? path.join(folder, path.basename(workspace)) : workspace;
  if (copy) cpSync(workspace, opened, { recursive: true });
  writeFileSync(
    path.join(data, "data/User/settings.json"),
    JSON.stringify({ ...quietSettings, ...settings }),
  );
  // where the editor takes those of its settings from that only a machine may have
  writeFileSync(path.join(data, "data/Machine/settings.json"), JSON.stringify(settings));
  return {
    edition,
    folder,
    data,
    extensions,
    temporary,
    workspace: opened,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** @typedef {ReturnType<typeof makeWorld>} World */

/** @param {World} world */
function commonArguments(world) {
  return [
    "--server-data-dir",
    world.data,
    "--extensions-dir",
    world.extensions,
    "--accept-server-license-terms",
  ];
}

/**
 * Installs a packaged extension into the world, as a user would.
 * @param {World} world
 * @param {string} vsix
 */
export function installExtension(world, vsix) {
  const { node, serverMain } = ensureWorkbench(world.edition);
  execFileSync(node, [serverMain, ...commonArguments(world), "--install-extension", vsix], {
    // what it says is part of the error if it fails
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * Starts the server and waits until it listens.
 * @param {World} world
 * @param {{ args?: string[], env?: Record<string, string>, askForTrust?: boolean, port?: number }} [options] what differs from a trusted,
 * plain start; `env` reaches the extension host, the language server and tasks
 */
export async function startServer(world, { args = [], env = {}, askForTrust = false, port = 0 } = {}) {
  const { node, serverMain } = ensureWorkbench(world.edition);
  const address = ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"];
  const trust = askForTrust ? [] : ["--disable-workspace-trust"];
  const child = spawn(
    node,
    [serverMain, ...commonArguments(world), ...address, "--telemetry-level", "off", ...trust, ...args],
    {
      env: { ...process.env, ...serverEnvironment(world), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  const signal = name => {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  const kill = () => signal("SIGKILL");
  process.once("exit", kill);
  const gone = new Promise(resolve => child.once("exit", resolve));
  const listening = await listeningPort(child, gone);
  const origin = `http://127.0.0.1:${listening}`;
  return {
    origin,
    /** How the page names a file of this machine. @param {string} file */
    fileUri: file => `vscode-remote://127.0.0.1:${listening}${file}`,
    /** The address of a workspace; `payload` holds pairs such as ["openFile", fileUri]. @param {string[][]} [payload] */
    pageUrl: (payload = []) => {
      const query = payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : "";
      return `${origin}/?folder=${encodeURIComponent(world.workspace)}${query}`;
    },
    stop: async () => {
      signal("SIGTERM");
      await Promise.race([gone, new Promise(resolve => setTimeout(resolve, 3000))]);
      kill();
      process.off("exit", kill);
    },
  };
}

/** No look-ups in an extension gallery; sockets and temporary files inside the world. */
function serverEnvironment(world) {
  return {
    TMPDIR: world.temporary,
    XDG_RUNTIME_DIR: world.temporary,
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
  };
}

function listeningPort(child, gone) {
  let log = "";
  return new Promise((resolve, reject) => {
    const read = data => {
      log += data;
      const found = /Extension host agent listening on (\d+)/.exec(log);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    gone.then(code => reject(new Error(`the VS Code server ended with ${code}\n${log.slice(-2000)}`)));
  });
}

/** A headless Chromium: CHROMIUM, or the machine's, or Debian's package, which is installed if there is none. */
export async function launchBrowser() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: ensureBrowser(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The path of a Chromium; installs Debian's if there is none. */
export function ensureBrowser() {
  const own = process.env.CHROMIUM;
  if (own && existsSync(own)) return own;
  const find = () => ["chromium", "chromium-browser", "google-chrome"].map(findCommand).find(file => file);
  const found = find();
  if (found) return found;
  ensureCommands("chromium");
  return find();
}
