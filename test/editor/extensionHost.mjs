// The mocha suite inside the extension host of the workbench in the browser, on the example fleet.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { root } from "../../scripts/setup.mjs";
import { mochaCounts } from "../../scripts/suites.mjs";
import { launchBrowser, makeWorld, startServer } from "../../scripts/workbench.mjs";
import { buildSuite } from "./buildSuite.mjs";

const limitMs = 180_000;

/** Runs the suite; returns its counts. The report stays in test-results/extension-host.json. */
export async function runInExtensionHost() {
  const suite = await buildSuite();
  const report = path.join(root, "test-results/extension-host.json");
  mkdirSync(path.dirname(report), { recursive: true });
  for (const file of [report, `${report}.log`]) rmSync(file, { force: true });
  const world = makeWorld({ workspace: path.join(root, "examples/fleet"), copy: true });
  let server;
  let browser;
  let ended;
  try {
    // development and test paths in the address count only with the driver of VS Code's own smoke tests
    const env = { EDITOR_TEST_REPORT: report };
    server = await startServer(world, { args: ["--enable-smoke-test-driver"], env });
    browser = await launchBrowser();
    ended = await runSuite(await browser.newPage(), server, suite);
  } finally {
    await browser?.close();
    await server?.stop();
    world.remove();
  }
  if (existsSync(`${report}.log`)) process.stdout.write(readFileSync(`${report}.log`, "utf8"));
  if (!existsSync(report)) console.error(`editor: the extension host ended without a report (${ended})`);
  return mochaCounts(report);
}

async function runSuite(page, server, suite) {
  let done;
  const exit = new Promise(resolve => {
    done = resolve;
  });
  const tail = [];
  await page.exposeFunction("codeAutomationLog", (type, args) => {
    tail.push(`[${type}] ${format(...args)}`);
    if (tail.length > 60) tail.shift();
  });
  await page.exposeFunction("codeAutomationExit", code => done(`exit ${code}`));
  page.on("crash", () => done("the page crashed"));
  await page.goto(
    server.pageUrl([
      ["extensionDevelopmentPath", server.fileUri(root)],
      ["extensionTestsPath", server.fileUri(suite)],
    ]),
  );
  let timer;
  const limit = new Promise(resolve => {
    timer = setTimeout(resolve, limitMs, `no end after ${limitMs / 1000} s`);
  });
  const ended = await Promise.race([exit, limit]);
  clearTimeout(timer);
  if (ended !== "exit 0") {
    console.error(tail.join("\n"));
    await page.screenshot({ path: path.join(root, "test-results/extension-host.png") });
  }
  return ended;
}
