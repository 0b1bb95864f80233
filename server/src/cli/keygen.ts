// `nix-deploy keygen`: a key pair for signing store paths, in the format of `nix-store --generate-binary-cache-key`.

import { constants } from "node:fs";
import { access, lstat, mkdir, open, realpath } from "node:fs/promises";
import path from "node:path";
import {
  cacheKeyNameProblem,
  formatCacheKey,
  formatCacheSecretKey,
  publicHalf,
} from "../core/formats/cacheKey";
import { makeCacheKey } from "../core/formats/cacheSignature";
import { nodeEd25519, randomSeed } from "../io/ed25519";
import { errorCode } from "../io/fileSystem";
import { readArguments } from "./arguments";
import type { Command } from "./command";
import { UserError } from "./userError";

const USAGE = "keygen NAME [--out DIR]";

export const keygen: Command = {
  name: "keygen",
  usage: USAGE,
  summary: "Make a key pair for signing what a cache serves",
  async run(given, output) {
    const args = readArguments(given, { out: "string" }, USAGE);
    const [name, surplus] = args.positionals;
    if (name === undefined || surplus !== undefined) throw new UserError(`usage: nix-deploy ${USAGE}`);
    requireName(name);
    const folder = await requireFolder(args.text("out") ?? ".");
    const secretFile = path.join(folder, `${name}.secret`);
    const publicFile = path.join(folder, `${name}.pub`);
    for (const file of [secretFile, publicFile]) await requireAbsent(file);
    const key = makeCacheKey(name, randomSeed(), nodeEd25519);
    const shown = formatCacheKey(publicHalf(key));
    await whereDiskAllows(secretFile, writeNew(secretFile, formatCacheSecretKey(key), 0o600));
    await whereDiskAllows(publicFile, writeNew(publicFile, shown, 0o644));
    output.print(`${shown}\n`);
    output.warn(
      `the secret half is in ${secretFile}: move it to the host that builds and signs, nowhere else`,
    );
    return 0;
  },
};

const NAME_PROBLEMS = {
  empty: "it is empty",
  colon: "it holds a colon",
  blank: "it holds a blank",
  "not-printable": "it holds characters other than printable ASCII",
} as const;

function requireName(name: string): void {
  const problem = cacheKeyNameProblem(name);
  if (problem !== undefined) throw new UserError(`"${name}" cannot name a key: ${NAME_PROBLEMS[problem]}`);
  if (/[/\\]|^\./.test(name))
    throw new UserError(`"${name}" cannot name a key file: use a name such as host-1`);
}

/** The folder by its real path, made if absent; never one from which the secret could be committed. */
async function requireFolder(written: string): Promise<string> {
  const wanted = path.resolve(written);
  await requireOutsideGit(await existingPart(wanted), written);
  try {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    const real = await realpath(wanted);
    await requireOutsideGit(real, written);
    await access(real, constants.W_OK);
    return real;
  } catch (error) {
    if (error instanceof UserError || errorCode(error) === undefined) throw error;
    throw new UserError(`${written} is not a folder that can be written to`);
  }
}

/** The real path of the nearest folder above that exists. */
async function existingPart(wanted: string): Promise<string> {
  for (let at = wanted; ; at = path.dirname(at)) {
    try {
      return await realpath(at);
    } catch (error) {
      if (errorCode(error) === undefined || at === path.dirname(at)) throw error;
    }
  }
}

async function requireOutsideGit(folder: string, written: string): Promise<void> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (await exists(path.join(at, ".git"))) {
      throw new UserError(
        `${written} lies in the Git work tree ${at}: a secret key must not; give another folder with --out`,
      );
    }
    if (at === path.dirname(at)) return;
  }
}

async function requireAbsent(file: string): Promise<void> {
  if (await whereDiskAllows(file, exists(file))) throw new UserError(`${file} exists: it is not overwritten`);
}

/** What the disk refuses is nothing to report to us: a full disk, a name that is too long, a folder that takes no files. */
async function whereDiskAllows<T>(file: string, done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === "EEXIST") throw new UserError(`${file} exists: it is not overwritten`);
    throw new UserError(`${file} cannot be written: ${code}`);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return false;
    throw error;
  }
}

/** Creates the file with that mode whatever the umask; fails if it has appeared meanwhile. Nix writes no line break. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}
