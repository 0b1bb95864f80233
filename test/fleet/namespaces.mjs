// Prepares the machine for the fleet (Debian packages, the root file systems of the hosts) and runs commands in its namespaces.
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { ensureCommands, findCommand, root, rootPrefix, SetupError } from "../../scripts/setup.mjs";

const script = path.join(import.meta.dirname, "fleet.sh");

/** Runs argv in the fleet's namespaces and returns its exit code; everything inside ends with it, or with this process. */
export async function runInFleet(argv, env = {}) {
  const variables = Object.entries({ PATH: process.env.PATH, ...ensureFleet(), ...env });
  const assignments = variables.map(([name, value]) => `${name}=${value}`);
  const prefix = rootPrefix("the test fleet makes network namespaces");
  const [command, ...args] = [...prefix, "env", ...assignments, script, "run", ...argv];
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  // `unshare` ignores polite signals
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(130));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", code => {
      process.off("exit", kill);
      resolve(code);
    });
  });
}

/** Installs what the fleet needs; returns the variables that tell `fleet.sh` what it got. */
function ensureFleet() {
  if (process.platform !== "linux") throw new SetupError("the test fleet needs Linux namespaces");
  ensureCommands("git", "nix", "ssh", "ip", "unshare");
  const prefix = rootPrefix("the test fleet makes network namespaces");
  const own = process.env.FLEET_BASE === "/" || !makeBases(prefix);
  if (own) ensureCommands("sshd", "python3");
  return own ? { FLEET_BASE: "/" } : {};
}

/** Debian root file systems with Nix 2.26 and Nix 2.8. Without a mirror the hosts use this machine's own files. */
function makeBases(prefix) {
  if (!findCommand("mmdebstrap")) ensureCommands("mmdebstrap");
  const [command, ...args] = [...prefix, script, "base", "trixie", "bookworm"];
  const made = spawnSync(command, args, { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
  if (made.status === 0) return true;
  const reason = made.stderr.trim().split("\n").at(-1);
  console.warn(`[fleet] no Debian root file system (${reason}); the hosts use this machine's own files`);
  return false;
}
