import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { SILENT_LOG } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { Ledger, type LedgerEntry } from "../state/ledger";
import { ObservedStore } from "../state/observedStore";
import { exportHistory, historyCsv } from "./exportHistory";
import { deploymentDocument, showDeployment } from "./showDeployment";

const HASH = "0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd";
const entry: LedgerEntry = {
  version: 1,
  id: "1",
  run: "r",
  at: "2026-03-01T11:50:00Z",
  who: "ada",
  host: "web",
  action: "deploy",
  tool: "direct",
  root: "/w",
  commit: "c0ffee",
  dirty: true,
  previousSystem: `/nix/store/${HASH}-nixos-system-web-24.05`,
  newSystem: `/nix/store/${HASH}-nixos-system-web-24.11`,
  outcome: "landed",
  why: '=HYPERLINK("x"), said the host',
  cancelled: false,
  clean: false,
  phases: [{ phase: "build", seconds: 1.5 }],
};

function world(script: Script) {
  const folder = mkdtempSync(path.join(tmpdir(), "history-"));
  const executed: unknown[][] = [];
  const it = scriptedUi(script);
  const ledger = new Ledger(nodeFiles, path.join(folder, "ledger.jsonl"));
  const app = {
    ui: it.ui,
    log: SILENT_LOG,
    commands: {
      register: () => ({ dispose: () => undefined }),
      execute: async (...all: unknown[]) => void executed.push(all),
    },
    config: undefined as never,
    ports: { files: nodeFiles, clock: systemClock },
    state: { ledger, observed: new ObservedStore() },
  };
  return { app, folder, ledger, executed, ...it };
}

test("a table has a line for each deployment, and no cell that a spreadsheet would run", () => {
  const [head, line, ...rest] = historyCsv([entry]).split("\r\n");
  expect(head).toMatch(/^at,who,host,action,tool,outcome,clean,cancelled,seconds,commit/);
  expect(line).toContain("web,deploy,direct,landed,false,false,1.5,c0ffee,true");
  expect(line).toContain(`"'=HYPERLINK(""x""), said the host"`);
  expect(rest).toEqual([""]);
});

test("the history is written where the user wants it", async () => {
  const { app, folder, ledger } = world({ picks: [["JSON"]], folders: [path.join(tmpdir(), "none")] });
  await ledger.append(entry);
  const file = path.join(folder, "out.json");
  await exportHistory({ ...app, ui: { ...app.ui, pickSaveFile: async () => file } });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ version: 1, deployments: [entry] });
});

test("a deployment is shown with all that is known", async () => {
  const { app, ledger, documents, said } = world({ picks: [["$(info) Show Details"]] });
  await ledger.append(entry);
  await showDeployment(app, "1");
  expect(said[0]).toBe(
    "pick: web: deploy landed with problems: $(info) Show Details, $(diff) Compare with Before, $(discard) Roll Back to Before",
  );
  expect(documents[0]).toEqual(deploymentDocument(entry, undefined));
  expect(documents[0]?.text).toContain("- Commit: c0ffee with changes");
  await expect(showDeployment(app, "gone")).rejects.toThrow("no longer in the history");
});

test("rolling back to before says so when the host has that generation no more", async () => {
  const { app, ledger, executed } = world({ picks: [["$(discard) Roll Back to Before"]] });
  await ledger.append(entry);
  await expect(showDeployment(app, "1")).rejects.toThrow(
    "web has no generation any more that is nixos-system-web-24.05.",
  );
  expect(executed).toEqual([["nixDeploy.probeHost", { hosts: ["web"] }]]);
});
