// npm run package: the production bundles as one VSIX in out/. Fails where vsce warns, and where the VSIX holds anything but
// what it should.
import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies, root, runMain, SetupError } from "./setup.mjs";
import { listArchive, packageProblems } from "./vsixContents.mjs";

const vsix = path.join(root, "out/nix-deploy.vsix");

/** Builds, packages and checks the extension; returns the path of the VSIX. */
export function packageExtension() {
  mkdirSync(path.dirname(vsix), { recursive: true });
  node("scripts/build.mjs", "--production");
  const said = node("node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", "--out", vsix);
  const warnings = said.split("\n").filter(line => /\bWARN/.test(line));
  const problems = [...warnings, ...packageProblems(listArchive(vsix), statSync(vsix).size)];
  if (problems.length > 0)
    throw new SetupError(`${path.relative(root, vsix)} can't be published:\n${problems.join("\n")}`);
  return vsix;
}

/** Runs a script of the project or of a dependency and returns what it says; a failure is reported with all of it. */
function node(script, ...args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error) throw error;
  if (status !== 0) throw new SetupError(`${script} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout + stderr;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(() => {
    ensureDependencies();
    packageExtension();
    console.log(listArchive(vsix).join("\n"));
    console.log(`${path.relative(root, vsix)}: ${(statSync(vsix).size / 1024).toFixed(0)} KiB`);
    return 0;
  });
