import { defineConfig } from "vitest/config";

// Needs nix-instantiate; `npm test` makes sure that it is there.
export default defineConfig({
  test: { include: ["test/differential/**/*.test.ts"], environment: "node", testTimeout: 300_000 },
});
