import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

test("V8 knows the flag, and other versions are not told it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "nix-deploy-flags-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "compileLess.cjs");
  buildSync({
    entryPoints: [path.join(__dirname, "compileLess.ts")],
    outfile: file,
    format: "cjs",
    platform: "node",
    bundle: true,
  });
  const script = `const { compileLess } = require(${JSON.stringify(file)}); compileLess(); compileLess("99.1.2");`;
  // V8 complains of a flag that it does not know on what execFileSync gives together
  const said = execFileSync("sh", ["-c", 'exec "$0" -e "$1" 2>&1', process.execPath, script], {
    encoding: "utf8",
  });
  expect(said).toBe("");
});
