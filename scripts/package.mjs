// npm run package: the production bundles as one VSIX in out/, with its contents listed and its size bounded.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { root, runMain, SetupError } from "./setup.mjs";

const sizeLimit = 1.5 * 1024 * 1024;
const vsix = path.join(root, "out/nix-deploy.vsix");

/** Builds and packages the extension; returns the path of the VSIX. */
export function packageExtension() {
  mkdirSync(path.dirname(vsix), { recursive: true });
  node("scripts/build.mjs", "--production");
  node("node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", "--out", vsix);
  return vsix;
}

/** Runs a script of the project or of a dependency; shows its output only when it fails. */
function node(script, ...args) {
  try {
    return execFileSync(process.execPath, [path.join(root, script), ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    throw new SetupError(`${script} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(() => {
    packageExtension();
    console.log(node("node_modules/@vscode/vsce/vsce", "ls", "--no-dependencies").trimEnd());
    const { size } = statSync(vsix);
    console.log(`${path.relative(root, vsix)}: ${(size / 1024).toFixed(0)} KiB`);
    if (size <= sizeLimit) return 0;
    console.error(`larger than ${sizeLimit / 1024} KiB`);
    return 1;
  });
