import { defineConfig } from "vitest/config";

// The explicit include keeps the scan out of fixtures and of the fleet and editor suites, which have runners of their own.
export default defineConfig({
  test: {
    include: [
      "server/src/**/*.test.ts",
      "client/src/**/*.test.ts",
      "test/*.test.ts",
      "test/lsp/**/*.test.ts",
      "test/harness/**/*.test.ts",
      "grammar/**/*.test.ts",
    ],
    environment: "node",
    testTimeout: 20_000,
  },
});
