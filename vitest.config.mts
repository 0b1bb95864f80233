import { defineConfig } from "vitest/config";

// The explicit includes keep the scan out of fixtures and of the fleet and editor suites, which have runners of their own.
const common = { environment: "node", testTimeout: 20_000 } as const;

export default defineConfig({
  test: {
    // by itself vitest leaves one processor idle, which on a machine of two is half of it
    maxWorkers: "100%",
    projects: [
      {
        // core is pure, so its test files may share one world; loading it anew for each takes longer than the tests
        test: { ...common, name: "core", isolate: false, include: ["server/src/core/**/*.test.ts"] },
      },
      {
        // so do the tests of the client's logic: what changes the process or its environment belongs to "around"
        test: { ...common, name: "client", isolate: false, include: ["client/src/**/*.test.ts"] },
      },
      {
        test: {
          ...common,
          name: "around",
          include: [
            "server/src/*.test.ts",
            "server/src/{cli,io,lsp}/**/*.test.ts",
            "test/*.test.ts",
            "test/robustness/**/*.test.ts",
            "test/lsp/**/*.test.ts",
            "test/harness/**/*.test.ts",
            "grammar/**/*.test.ts",
          ],
        },
      },
    ],
  },
});
