// The stages of `npm test`, in order: the quick ones first.
import { runEditorSuites } from "../test/editor/run.mjs";
import { runFleetSuites } from "../test/fleet/run.mjs";
import { runChecks } from "./check.mjs";
import { ensureCommands } from "./setup.mjs";
import { checkStart } from "./start.mjs";
import { runSuite } from "./suites.mjs";

/** @type {[string, () => Promise<import("./suites.mjs").Counts>][]} */
export const stages = [
  [
    "check",
    () => {
      // by itself the check skips the tests of what a machine lacks; here all of them run
      ensureCommands("nix", "git", "ssh-keygen", "clang", "wasm-ld", "/usr/include/wasm32-wasi/stdlib.h");
      return runChecks();
    },
  ],
  ["differential", () => runSuite("differential", { config: "test/differential/vitest.config.mts" })],
  [
    "robustness",
    () =>
      runSuite("robustness", {
        config: "vitest.config.mts",
        args: ["test/robustness"],
        env: { EVERY_PREFIX: "1" },
      }),
  ],
  ["fleet", () => runFleetSuites()],
  ["editor", () => runEditorSuites()],
  ["start", checkStart],
];
