// What the scripts need from the machine: finds commands and installs the Debian packages that hold the missing ones.
// Idempotent and non-interactive. Nothing is installed when everything is there.
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Something that is missing and that only the person at the machine can give. Printed without a stack. */
export class SetupError extends Error {}

/** The Debian package that holds a command, or a file given by its whole path. */
const packageOf = {
  "/usr/include/wasm32-wasi/stdlib.h": "wasi-libc",
  chromium: "chromium",
  "g++": "g++",
  git: "git",
  ip: "iproute2",
  make: "make",
  mmdebstrap: "mmdebstrap",
  nix: "nix-bin",
  python3: "python3",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  sshd: "openssh-server",
  unshare: "util-linux",
  "wasm-ld": "lld",
};

/** The path of a command, or undefined. Administrators' folders count, also when PATH lacks them. */
export function findCommand(name) {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Prefix that makes a command run as root: empty for root, else a sudo that asks nothing. */
export function rootPrefix(why) {
  if (process.getuid?.() === 0) return [];
  if (findCommand("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0)
    return ["sudo", "-n"];
  throw new SetupError(`${why}: needs root, and sudo is missing or wants a password`);
}

/** Makes sure that each of these commands, or files with a whole path, exists; installs the Debian packages of those that do not. */
export function ensureCommands(...names) {
  const isMissing = name => (path.isAbsolute(name) ? !existsSync(name) : !findCommand(name));
  const missing = names.filter(isMissing);
  if (missing.length === 0) return;
  const wanted = [...new Set(missing.map(name => packageOf[name] ?? name))];
  if (!findCommand("apt-get"))
    throw new SetupError(
      `missing: ${missing.join(", ")}. Install them with your package manager (Debian: ${wanted.join(" ")})`,
    );
  const prefix = rootPrefix(`installing ${wanted.join(" ")}`);
  console.log(`[setup] installing ${wanted.join(" ")}`);
  apt(prefix, ["update", "-q"]);
  apt(prefix, ["install", "-q", "-y", "--no-install-recommends", ...wanted]);
  const still = missing.filter(isMissing);
  if (still.length > 0)
    throw new SetupError(`installed ${wanted.join(" ")}, but not found: ${still.join(", ")}`);
}

function apt(prefix, args) {
  const [command, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  const result = spawnSync(command, rest, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  if (result.status === 0) return;
  // `update` also fails for one broken third-party source; `install` decides whether that matters
  if (args[0] === "update") return;
  throw new SetupError(
    `apt-get ${args.join(" ")} failed:\n${`${result.stdout}${result.stderr}`.slice(-2000)}`,
  );
}

/** Installs the pinned dependencies when node_modules is missing or older than the lock file. */
export function ensureDependencies() {
  const installed = path.join(root, "node_modules/.package-lock.json");
  const lock = path.join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("[setup] npm ci");
  execFileSync("npm", ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}

/** Runs the main function of a script: a SetupError is one line for people, everything else a bug with its stack. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
