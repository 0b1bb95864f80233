// Loads the texts of OpenSSH's client configuration, with everything that they include, for the pure evaluation.

import { readdirSync, type Stats, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { t } from "../../l10n";
import type { ConfigSource, ConfigText } from "./configEvaluation";
import { readText, readTextSync } from "./fileMemory";
import { matchesPatterns } from "./patterns";

/**
 * The configuration that `ssh` would read: the user's own file, or the one given instead (as with `ssh -F`, in which
 * case the system's file does not count), then the system's.
 */
export async function loadConfigSource(file: string | undefined): Promise<ConfigSource> {
  const home = os.homedir();
  const texts =
    file === undefined
      ? [readConfig(path.join(home, ".ssh/config"), "own"), readConfig("/etc/ssh/ssh_config", "system")]
      : [readConfig(file, "given")];
  return { texts: await Promise.all(texts), readInclude: includeReader(), home, localUser: userName() };
}

/** @param role whose file it is: of the user's own ssh minds who may write it, and a given one must be there */
async function readConfig(file: string, role: "own" | "system" | "given"): Promise<ConfigText> {
  try {
    const text = await readText(file);
    const refused = role === "own" ? whyRefused(file, await stat(file)) : undefined;
    return { path: file, text, refused };
  } catch (error) {
    const missing = codeOf(error) === "ENOENT" && role !== "given";
    return { path: file, text: "", refused: missing ? undefined : unreadable(file, error) };
  }
}

function unreadable(file: string, error: unknown): string {
  return t("{0} can't be read ({1})", file, codeOf(error));
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : String(error);
}

/** Whoever may write the file decides where we connect to; ssh refuses it then. */
function whyRefused(file: string, { uid, mode }: Stats): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if (uid !== 0 && uid !== own) return t("{0} belongs to somebody else, so ssh refuses it", file);
  if ((mode & 0o022) !== 0) return t("{0} may be written by others, so ssh refuses it: chmod go-w {0}", file);
  return undefined;
}

/** Included files are small, few and remembered for the life of the source. */
function includeReader(): ConfigSource["readInclude"] {
  const known = new Map<string, readonly ConfigText[]>();
  return pattern => {
    let files = known.get(pattern);
    if (files === undefined) {
      files = expandPattern(pattern).flatMap(readIncluded);
      known.set(pattern, files);
    }
    return files;
  };
}

function readIncluded(file: string): ConfigText[] {
  try {
    const text = readTextSync(file);
    return [{ path: file, text, refused: whyRefused(file, statSync(file)) }];
  } catch (error) {
    // as with ssh: what is not there, and folders, hold nothing
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(error))) return [];
    return [{ path: file, text: "", refused: unreadable(file, error) }];
  }
}

/** The files that match a pattern with `*` and `?` in any component, in the order of their names. */
function expandPattern(pattern: string): string[] {
  let found = [path.parse(pattern).root || "/"];
  for (const part of pattern.split("/").filter(piece => piece !== "")) {
    found = /[*?]/.test(part)
      ? found.flatMap(dir => listMatching(dir, part))
      : found.map(dir => path.join(dir, part));
  }
  return found;
}

function listMatching(dir: string, pattern: string): string[] {
  try {
    return readdirSync(dir)
      .filter(name => (pattern.startsWith(".") || !name.startsWith(".")) && matchesPatterns([pattern], name))
      .sort()
      .map(name => path.join(dir, name));
  } catch {
    // no such directory: nothing matches
    return [];
  }
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // a process without an entry in the user database
    return process.env["USER"] ?? "";
  }
}
