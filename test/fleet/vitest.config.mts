// Suites against real hosts, one file after the other: there is one fleet at a time. Started by run.mjs, inside the namespaces.
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../../node_modules/.vite",
  test: {
    root: import.meta.dirname,
    // the real deploy tools are tried on request only: they are no part of the project
    include: process.env["REAL_TOOLS"] ? ["**/*.real.ts"] : ["**/*.fleet.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
