// npm start: Nix Deploy on examples/fleet. In the installed VS Code if there is one and a display, else in VS Code in the
// browser, which is installed under .vscode-test. `--browser` skips the installed one; `--check` looks for itself and ends.
import { execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies, findCommand, root, runMain } from "./setup.mjs";

const example = path.join(root, "examples/fleet");
const mistakes = path.join(example, "hosts/web.nix");
const hasDisplay =
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) || process.platform !== "linux";

/** Opens the workbench as `npm start` does and looks: every host in the sidebar, mistakes underlined. Returns test counts. */
export async function checkStart() {
  const { launchBrowser } = await import("./workbench.mjs");
  const server = await serveExample({ copy: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(server.url);
    await page.locator('.activitybar a.action-label[aria-label="Nix Deploy"]').click();
    for (const host of ["stage", "production", "web"])
      await page
        .getByRole("treeitem", { name: `host ${host}` })
        .first()
        .waitFor();
    await page.locator('.monaco-editor[data-uri$="/web.nix"] .squiggly-error').first().waitFor();
    console.log("start: hosts in the sidebar, mistakes underlined");
    return { passed: 1, failed: 0 };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Serves the example with the packaged extension installed. */
async function serveExample({ copy }) {
  const { installExtension, makeWorld, startServer } = await import("./workbench.mjs");
  const { packageExtension } = await import("./package.mjs");
  const world = makeWorld({ workspace: example, copy });
  try {
    installExtension(world, packageExtension());
    const server = await startServer(world);
    const opened = path.join(world.workspace, path.relative(example, mistakes));
    return {
      url: server.pageUrl([["openFile", server.fileUri(opened)]]),
      stop: async () => {
        await server.stop();
        world.remove();
      },
    };
  } catch (error) {
    world.remove();
    throw error;
  }
}

function openInstalled(code) {
  execFileSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
  const child = spawn(
    code,
    [`--extensionDevelopmentPath=${root}`, "--new-window", example, "--goto", mistakes],
    {
      stdio: "inherit",
    },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}

async function openInBrowser() {
  const server = await serveExample({ copy: false });
  console.log(`\nNix Deploy on examples/fleet: ${server.url}\nCtrl+C ends it.`);
  const opener = hasDisplay && findCommand(process.platform === "darwin" ? "open" : "xdg-open");
  if (opener) spawn(opener, [server.url], { stdio: "ignore", detached: true }).unref();
  await new Promise(resolve => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
  await server.stop();
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(async () => {
    ensureDependencies();
    if (process.argv.includes("--check")) return (await checkStart()).failed;
    const code = hasDisplay && !process.argv.includes("--browser") && findCommand("code");
    return code ? openInstalled(code) : openInBrowser();
  });
