// The stages of `npm test`, in order: the quick ones first.
import { existsSync } from "node:fs";
import path from "node:path";
import { runEditorSuites } from "../test/editor/run.mjs";
import { runFleetSuites } from "../test/fleet/run.mjs";
import { runChecks } from "./check.mjs";
import { ensureCommands, root } from "./setup.mjs";
import { checkStart } from "./start.mjs";
import { runSuite } from "./suites.mjs";

/** @type {[string, () => Promise<import("./suites.mjs").Counts>][]} */
export const stages = [
  ["check", runChecks],
  [
    "robustness",
    () =>
      runSuite("robustness", {
        config: "vitest.config.mts",
        args: ["test/robustness.test.ts"],
        env: { EVERY_PREFIX: "1" },
      }),
  ],
  ["fleet", () => runFleetSuites()],
  ["editor", () => runEditorSuites()],
  ["start", checkStart],
];

const differential = "test/differential/vitest.config.mts";
if (existsSync(path.join(root, differential)))
  stages.splice(1, 0, [
    "differential",
    () => {
      ensureCommands("nix");
      return runSuite("differential", { config: differential });
    },
  ]);
