// Suites that drive the packaged extension in a real workbench, one file after the other. Started by run.mjs.
import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../../node_modules/.vite",
  test: {
    root: import.meta.dirname,
    include: ["ui/**/*.ui.ts"],
    setupFiles: ["ui/failures.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // the window belongs to VS Code, which loses a key now and then; the report names what needed a second try
    retry: process.env["CI"] ? 1 : 0,
    expect: { poll: { timeout: 20_000, interval: 100 } },
  },
});
