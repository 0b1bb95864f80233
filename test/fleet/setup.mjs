// Prepares the machine for the fleet: Debian packages, the root file systems of the hosts (once, in .cache/fleet).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { ensureCommands, findCommand, rootPrefix, SetupError } from "../../scripts/setup.mjs";

const script = path.join(import.meta.dirname, "fleet.sh");

/** Returns the argv prefix that runs a command inside the fleet's namespaces. */
export function ensureFleet() {
  if (process.platform !== "linux") throw new SetupError("the test fleet needs Linux namespaces");
  ensureCommands("git", "nix", "ssh", "ip", "unshare");
  const prefix = rootPrefix("the test fleet makes network namespaces");
  const own = process.env.FLEET_BASE === "/" || !makeBases(prefix);
  if (own) ensureCommands("sshd", "python3");
  const env = [`PATH=${process.env.PATH}`, ...(own ? ["FLEET_FALLBACK=1"] : [])];
  return [...prefix, "env", ...env, script, "run"];
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
