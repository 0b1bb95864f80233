// A real binary cache made by real Nix below a temporary folder: a signed and an unsigned path, with the keys. Served over
// HTTP on loopback by Node.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export const hasNix = existsSync("/usr/bin/nix");

export interface FileCache {
  readonly folder: string;
  readonly url: string;
  readonly signed: string;
  readonly unsigned: string;
  readonly publicKey: string;
  /** Another key of the same name. */
  readonly otherKey: string;
  remove(): void;
}

export function makeFileCache(): FileCache {
  const home = mkdtempSync(path.join(tmpdir(), "file-cache-"));
  const env = {
    ...process.env,
    NIX_CONFIG:
      "experimental-features = nix-command\nsandbox = false\nbuild-users-group =\nsubstituters =\nmax-jobs = 1",
    XDG_CACHE_HOME: path.join(home, "cache"),
  };
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: "utf8", env, cwd: home, stdio: "pipe" }).trim();
  const secret = (file: string) => {
    run("nix-store", "--generate-binary-cache-key", "cache.test-1", file, `${file}.pub`);
    return readFileSync(path.join(home, `${file}.pub`), "utf8").trim();
  };
  const publicKey = secret("secret");
  const otherKey = secret("other");
  const store = `local?root=${home}/root`;
  // Exporting forgets that a path is content-addressed, so that what is imported needs a signature as what is built does.
  const make = (name: string) => {
    writeFileSync(path.join(home, name), name);
    const added = `local?root=${home}/added`;
    const made = run("nix-store", "--store", added, "--add", name);
    const exported = execFileSync("nix-store", ["--store", added, "--export", made], { env, stdio: "pipe" });
    execFileSync("nix-store", ["--store", store, "--import"], { env, input: exported, stdio: "pipe" });
    return made;
  };
  const folder = path.join(home, "served");
  const unsigned = make("plain");
  run("nix", "copy", "--no-check-sigs", "--from", store, "--to", `file://${folder}`, unsigned);
  const signed = make("signed");
  const signing = `file://${folder}?secret-key=${home}/secret`;
  run("nix", "copy", "--no-check-sigs", "--from", store, "--to", signing, signed);
  const remove = () => {
    execFileSync("chmod", ["-R", "u+w", home]);
    rmSync(home, { recursive: true, force: true });
  };
  return { folder, url: `file://${folder}`, signed, unsigned, publicKey, otherKey, remove };
}

/** Serves the folder; answers the base address and how to stop. */
export async function serveFolder(
  folder: string,
): Promise<{ url: string; requests: string[]; stop(): void }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const file = path.join(folder, path.normalize(request.url ?? "/"));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, stop: () => void server.close() };
}
