import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { nodeFiles } from "../ports/files";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { CancelledError, UserError } from "../userError";
import { generateWorkflow, type WorkflowApp } from "./generateWorkflow";

function world(script: Script) {
  const root = mkdtempSync(path.join(tmpdir(), "workflow-"));
  const hosts = ["web", "mail"].map(name =>
    hostOf({ name, root, hostname: `${name}.test`, sshUser: "root" }),
  );
  const entryPoints = [{ path: path.join(root, "flake.nix"), kind: "flake", complete: true, why: [] }];
  const { ui, said, documents } = scriptedUi(script);
  const fleet = { snapshot: { ...fleetOf(hosts), entryPoints } };
  const app = {
    ui,
    state: { fleet },
    ports: { files: nodeFiles },
    config: { read: () => parseConfig(() => undefined) },
  };
  // the parts of App that this uses
  return {
    app: app as never as WorkflowApp,
    said,
    documents,
    file: path.join(root, ".github/workflows/nixos.yml"),
  };
}

test("the file is written and opened, and the secrets that it needs are named", async () => {
  const { app, said, file } = world({ picks: [["Cachix"], ["deploy-rs"]], inputs: ["my-cache", "main"] });
  await generateWorkflow(app);
  const workflow = parse(readFileSync(file, "utf8"));
  expect(workflow.jobs.build.strategy.matrix.include.map((each: { host: string }) => each.host)).toEqual([
    "web",
    "mail",
  ]);
  expect(said).toContain(`open: ${file}`);
  expect(said.at(-1)).toBe("info: The repository needs these secrets: CACHIX_AUTH_TOKEN, DEPLOY_SSH_KEY.");
});

test("a file that is there is replaced only after its difference was shown and confirmed", async () => {
  const { app, documents, file } = world({
    picks: [["None"], ["None: only build"]],
    inputs: ["main"],
    confirms: [false],
  });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "mine");
  await expect(generateWorkflow(app)).rejects.toThrow(CancelledError);
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect(documents.map(document => document.name)).toEqual([`before${file}`, `after${file}`]);
});

test("a store with a password in its address is refused", async () => {
  const { app } = world({ picks: [["A Store URL"]], inputs: ["https://me:pw@cache.test"] });
  await expect(generateWorkflow(app)).rejects.toThrow(UserError);
});
