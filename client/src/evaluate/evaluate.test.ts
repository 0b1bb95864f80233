// The flow of the command; what real Nix answers is tested in evaluateHost.test.ts.

import { expect, test } from "vitest";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { SILENT_LOG } from "../ports/log";
import type { OutputLine, ProcessResult, ProcessSpec } from "../ports/process";
import { scriptedUi } from "../ports/scriptedUi";
import { UserError } from "../userError";
import { differingSettings } from "./differences";
import { type EvaluateApp, evaluate } from "./evaluate";

const web = hostOf({
  name: "web",
  substituters: ["https://a"],
  trustedPublicKeys: ["a-1:x"],
  unknown: ["hostname"],
});

/** An app whose Nix prints these lines and ends so. */
function world(lines: readonly OutputLine[], result: ProcessResult, files: Record<string, string> = {}) {
  const { ui, said } = scriptedUi();
  const told: unknown[] = [];
  const shown: unknown[] = [];
  const specs: ProcessSpec[] = [];
  const snapshot = fleetOf([web]);
  const app = {
    ui,
    log: SILENT_LOG,
    config: { read: () => parseConfig(() => undefined) },
    state: {
      fleet: {
        snapshot,
        hosts: snapshot.hosts,
        findHost: (name: string) => (name === "web" ? web : undefined),
      },
    },
    serverFacts: { setEvaluated: (facts: unknown) => void told.push(facts) },
    ports: {
      files: { readText: async (file: string) => files[file] },
      processes: {
        run: async (spec: ProcessSpec, onLine: (line: OutputLine) => void) => {
          specs.push(spec);
          lines.forEach(onLine);
          return result;
        },
      },
    },
  };
  const errors = { set: (host: string, error: unknown) => void shown.push([host, error]) };
  // the parts of App that evaluating uses
  return { run: () => evaluate(app as never as EvaluateApp, errors, ["web"]), said, told, shown, specs };
}

const out = (text: string): OutputLine => ({ stream: "stdout", text, cut: false });
const err = (text: string): OutputLine => ({ stream: "stderr", text, cut: false });

test("what Nix says goes to the server, and an old error is gone", async () => {
  const json = JSON.stringify({ settings: { substituters: ["https://a"] }, extraOptions: "" });
  const { run, told, shown, said, specs } = world([out(json)], { kind: "exited", code: 0 });
  await run();
  expect(told).toEqual([{ host: "web", settings: { substituters: ["https://a"] } }]);
  expect(shown).toEqual([["web", undefined]]);
  expect(said.at(-1)).toBe("info: Nix evaluated web. Hovering over a setting shows what it says.");
  expect(specs[0]?.args).toContain(".#nixosConfigurations.web.config");
  expect(specs[0]?.cwd).toBe("/w");
});

test("an error is shown at its place in the project, which the message opens", async () => {
  const copy = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-source";
  const files = {
    "/w/a.nix": "same",
    [`${copy}/a.nix`]: "same",
    [`${copy}/b.nix`]: "b",
    "/w/b.nix": "edited",
  };
  const lines = ["error: undefined variable 'x'", `  at ${copy}/b.nix:9:9:`, `  at ${copy}/a.nix:2:3:`].map(
    err,
  );
  const { run, shown, told } = world(lines, { kind: "exited", code: 1 }, files);
  const error = await run().catch((caught: unknown) => caught);
  if (!(error instanceof UserError)) throw new Error("no UserError");
  expect(error.message).toBe("Nix can't evaluate web: undefined variable 'x'");
  expect(error.action?.run).toEqual({ kind: "file", path: "/w/a.nix", line: 2 });
  expect(shown.at(-1)).toEqual([
    "web",
    { message: "undefined variable 'x'", place: { path: "/w/a.nix", line: 2, column: 3 } },
  ]);
  expect(told).toEqual([]);
});

test("limits name the setting that holds them", async () => {
  const memory = world([err("error: out of memory")], { kind: "exited", code: 1 });
  await expect(memory.run()).rejects.toThrow("Nix needs more than 4096 MiB to evaluate web.");
  const broken = world([out("{}")], { kind: "exited", code: 0 });
  await expect(broken.run()).rejects.toThrow("nix eval printed no settings");
});

test("settings of which Nix says something else than what was read are named", async () => {
  const settings = {
    substituters: ["https://a", "https://a"],
    "trusted-public-keys": ["b-1:y", "a-1:x"],
    fallback: "true",
  };
  const json = JSON.stringify({ settings, extraOptions: "" });
  const { run, said } = world([out(json)], { kind: "exited", code: 0 });
  await run();
  expect(said.at(-1)).toBe(
    "info: Nix evaluated web. It does not say what was read of trusted-public-keys: hovering shows the difference.",
  );
  const open = { ...web, unknown: ["trustedPublicKeys"] };
  expect(differingSettings(open, settings)).toEqual([]);
});
