// What the real programs printed on the test hosts (deploy-rs d5eff7f, colmena 1ebe1b5, nixos-rebuild of nixpkgs 35c631a, called by
// our adapters) is read as what happened. The folder of the flake is /w in them, and colmena's backtraces are left out.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { TOOLS } from "./tools";

const folder = path.join(import.meta.dirname, "../../../../test/fixtures/transcripts");

function read(tool: "deploy-rs" | "colmena" | "nixos-rebuild", name: string) {
  const lines = readFileSync(path.join(folder, `${tool}-${name}.txt`), "utf8").split("\n");
  const adapter = TOOLS[tool];
  const phases = lines.flatMap(line => adapter.phaseOf(line) ?? []);
  return {
    // each where it begins
    phases: phases.filter((phase, index) => phase !== phases[index - 1]).join(" "),
    reason: lines.map(line => adapter.reasonOf?.(line)).find(reason => reason !== undefined),
  };
}

const SWITCHED = "check evaluate build copy activate confirm";

test.each([
  ["deploy", SWITCHED, undefined],
  ["dry-activate", "check evaluate build copy", undefined],
  ["boot", "check evaluate build copy activate", undefined],
  [
    "exit-4",
    "check evaluate build copy activate",
    "The activation script resulted in a bad exit code: Some(4)",
  ],
  ["cut", "check evaluate build copy activate", "Waiting over SSH resulted in a bad exit code: Some(255)"],
])("deploy-rs: %s", (name, phases, reason) => {
  expect(read("deploy-rs", name)).toEqual({ phases, reason });
});

test.each([
  ["deploy", "evaluate build copy activate", undefined],
  ["exit-4", "evaluate build copy activate", "Activation failed: Child process exited with error code: 4"],
  ["evaluation-fails", "evaluate", "The option is wrong"],
  ["cut", "evaluate build copy activate", "Activation failed: Child process exited with error code: 255"],
])("colmena: %s", (name, phases, reason) => {
  expect(read("colmena", name)).toEqual({ phases, reason });
});

test.each([
  ["bash-deploy", "build copy activate", undefined],
  ["bash-exit-4", "build copy activate", "the following units failed: toy.service"],
  ["ng-deploy", "build copy activate", undefined],
  ["ng-exit-4", "build copy activate", "the following units failed: toy.service"],
])("nixos-rebuild: %s", (name, phases, reason) => {
  expect(read("nixos-rebuild", name)).toEqual({ phases, reason });
});
