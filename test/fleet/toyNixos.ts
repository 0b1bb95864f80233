// A repository whose hosts are NixOS systems with modules, so that edits of its files are what hosts come to run: a copy of
// toyNixos/repository, with toyNixos/nixpkgs as the nixpkgs of the run's own registry.
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireCommand } from "./command";

export interface ToyNixos {
  /** The repository, with Git. */
  readonly folder: string;
  remove(): void;
}

/** Copies it to a temporary folder. Works only below `fleet.sh run`, whose Nix settings are the run's own. */
export async function copyToyNixos(): Promise<ToyNixos> {
  const settings = process.env["NIX_CONF_DIR"];
  if (settings === undefined || process.env["FLEET_STATE"] === undefined)
    throw new Error("the settings of this machine are left alone: see fleet.sh run");
  const parent = mkdtempSync(path.join(tmpdir(), "toy-nixos-"));
  const [folder, nixpkgs] = [path.join(parent, "repository"), path.join(parent, "nixpkgs")];
  cpSync(path.join(import.meta.dirname, "toyNixos"), parent, { recursive: true });
  const registry = path.join(settings, "registry.json");
  const flakes = [{ from: { type: "indirect", id: "nixpkgs" }, to: { type: "path", path: nixpkgs } }];
  writeFileSync(registry, JSON.stringify({ version: 2, flakes }));
  appendFileSync(path.join(settings, "nix.conf"), `flake-registry = ${registry}\n`);
  await requireCommand(["git", "init", "--quiet", folder]);
  await requireCommand(["git", "-C", folder, "add", "--all"]);
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
