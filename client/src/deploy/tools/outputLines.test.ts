import { expect, test } from "vitest";
import { nixosRebuildGeneration } from "./nixosRebuild";
import { TOOLS } from "./tools";

test.each([
  ["deploy-rs", "🚀 ℹ️ [deploy] [INFO] Running checks for flake in .", "check"],
  ["deploy-rs", "🚀 ℹ️ [deploy] [INFO] Building profile `system` for node `web`", "build"],
  ["deploy-rs", "🚀 ℹ️ [deploy] [INFO] Copying profile `system` to node `web`", "copy"],
  ["deploy-rs", "🚀 ℹ️ [deploy] [INFO] Activating profile `system` for node `web`", "activate"],
  ["deploy-rs", "🚀 ℹ️ [deploy] [INFO] Success activating, attempting to confirm activation", "confirm"],
  ["colmena", "  web | Pushing system closure", "copy"],
  ["colmena", "(...) | Evaluating web", "evaluate"],
  ["colmena", "  web | Activating system profile", "activate"],
  ["nixos-rebuild", "building the system configuration...", "build"],
  ["nixos-rebuild", "copying 5 paths...", "copy"],
  ["nixos-rebuild", "activating the configuration...", "activate"],
  ["direct", "copying path '/nix/store/x' to 'ssh://root@web'...", "copy"],
  ["direct", "copying path '/nix/store/x' from 'https://cache.nixos.org'...", undefined],
  ["direct", "anything else", undefined],
] as const)("%s: %s", (tool, line, phase) => {
  expect(TOOLS[tool].phaseOf(line)).toBe(phase);
});

test("the two generations of nixos-rebuild are told apart by their help", () => {
  expect(nixosRebuildGeneration("--sudo  --ask-sudo-password")).toBe("ng");
  expect(nixosRebuildGeneration("usage: nixos-rebuild --elevate {none,sudo,run0}")).toBe("ng");
  expect(nixosRebuildGeneration("[--use-remote-sudo] [--fast]")).toBe("bash");
  expect(nixosRebuildGeneration("")).toBe("bash");
});
