// Loads the texts of OpenSSH's client configuration, with everything that they include, for the pure resolver.

import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type ConfigSource, matchesPatterns } from "./sshConfig";

/**
 * The configuration that `ssh` would read: the user's own file, or the one given instead (as with `ssh -F`, in which
 * case the system's file does not count), then the system's.
 */
export async function loadConfigSource(file: string | undefined): Promise<ConfigSource> {
  const home = os.homedir();
  const paths = file === undefined ? [path.join(home, ".ssh/config"), "/etc/ssh/ssh_config"] : [file];
  const texts = await Promise.all(paths.map(async path => ({ path, text: await readOrEmpty(path) })));
  return { texts, readInclude: includeReader(), home, localUser: userName() };
}

/** Included files are small, few and remembered for the life of the source. */
function includeReader(): ConfigSource["readInclude"] {
  const known = new Map<string, ReturnType<ConfigSource["readInclude"]>>();
  return pattern => {
    let files = known.get(pattern);
    if (files === undefined) {
      files = expandPattern(pattern).flatMap(file => {
        try {
          return [{ path: file, text: readFileSync(file, "utf8") }];
        } catch {
          // OpenSSH passes over included files that it can't read
          return [];
        }
      });
      known.set(pattern, files);
    }
    return files;
  };
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
      .filter(name => !name.startsWith(".") && matchesPatterns([pattern], name))
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

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // having no configuration is ordinary
    return "";
  }
}
