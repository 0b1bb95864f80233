// What deploying costs beyond the commands themselves: prebuilt systems to 1 and 3 real hosts, against the slowest host's own
// commands run by hand. Runs in the namespaces of the test fleet.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { runInFleet } from "../fleet/namespaces.mjs";

const self = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(self), "../..");
const [script, result] = process.argv.slice(2);

if (script !== undefined) {
  process.exitCode = await runInFleet([process.execPath, script, result]);
} else {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-deploy-"));
  const outfile = path.join(root, "test/fleet", `.overhead-${process.pid}.mjs`);
  try {
    await build({
      entryPoints: [path.join(root, "test/fleet/overhead.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
    });
    const rows = path.join(folder, "rows.json");
    // what the fleet says goes to standard error: standard output is the rows alone
    const code = await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [self, outfile, rows], { stdio: ["ignore", 2, 2] });
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0) throw new Error(`the fleet ended with ${code}`);
    process.stdout.write(readFileSync(rows, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(outfile, { force: true });
  }
}
