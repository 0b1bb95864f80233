// The language server dies: it comes back by itself, and when it dies too often the editor says so and a restart helps.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Editor, openEditor } from "./editor";

let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({ file: "hosts/web.nix" });
  await editor.squiggles("web.nix", "error").first().waitFor();
});
afterAll(() => editor?.close());

/** The process of this editor's language server. */
function serverProcess(): number | undefined {
  const world = path.dirname(editor.workspace);
  return readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .find(pid => {
      const line = commandLine(pid);
      return line.includes(world) && line.includes("server/dist/main.js");
    });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // gone since it was listed
    return "";
  }
}

async function runningServer(other?: number): Promise<number> {
  await expect.poll(serverProcess, { timeout: 20_000 }).toSatisfy(pid => pid !== undefined && pid !== other);
  return serverProcess()!;
}

test("a killed server comes back, and so do the findings", async () => {
  const first = await runningServer();
  process.kill(first, "SIGKILL");
  expect(await runningServer(first)).not.toBe(first);
  await expect.poll(() => editor.squiggles("web.nix", "error").count()).toBeGreaterThanOrEqual(5);
});

test("killed again and again it stays down, without a notification, and Restart brings it back", async () => {
  let last = await runningServer();
  for (let crash = 2; crash < 5; crash++) {
    process.kill(last, "SIGKILL");
    last = await runningServer(last);
  }
  process.kill(last, "SIGKILL");
  await expect.poll(serverProcess).toBeUndefined();
  await new Promise(resolve => setTimeout(resolve, 1_500));
  expect(serverProcess()).toBeUndefined();
  expect(await editor.page.locator(".notification-toast").count()).toBe(0);
  await editor.runCommand("Nix Deploy: Restart Language Server");
  await runningServer();
  await expect.poll(() => editor.squiggles("web.nix", "error").count()).toBeGreaterThanOrEqual(5);
});
