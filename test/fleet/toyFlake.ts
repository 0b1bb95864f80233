// A working copy of the toy flake: change a host's knobs, build its system with real Nix, deploy it with plain commands.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Ran, requireCommand, runCommand } from "./command";

/** What hosts.nix of the toy says about a host. `serial` is its version: another number is another system. */
export interface ToyHost {
  readonly serial: number;
  readonly payloadMb?: number;
  readonly buildSeconds?: number;
  readonly buildScript?: string;
  readonly exitCode?: number;
  readonly activationSeconds?: number;
}

/** A copy of the toy flake in a Git repository of its own. */
export interface ToyFlake {
  readonly folder: string;
  /** Writes hosts.nix: exactly these hosts exist then. */
  setHosts(hosts: Readonly<Record<string, ToyHost>>): void;
  /** `nix build` of a host's system, as it ended. */
  tryBuild(host: string): Promise<Ran>;
  /** Builds a host's system and returns its store path. */
  build(host: string): Promise<string>;
  remove(): void;
}

/** Copies the toy to a temporary folder, or to `folder`. */
export async function copyToy(folder = mkdtempSync(path.join(tmpdir(), "toy-"))): Promise<ToyFlake> {
  cpSync(path.join(import.meta.dirname, "toy"), folder, { recursive: true });
  // flakes see tracked files only
  await requireCommand(["git", "init", "--quiet", folder]);
  await requireCommand(["git", "-C", folder, "add", "--all"]);
  const toplevel = (host: string) => `${folder}#nixosConfigurations.${host}.config.system.build.toplevel`;
  const tryBuild = (host: string) => runCommand(["nix", "build", "--no-link", "--json", toplevel(host)]);
  return {
    folder,
    setHosts: hosts => writeFileSync(path.join(folder, "hosts.nix"), toNix(hosts)),
    tryBuild,
    build: async host => {
      const ran = await tryBuild(host);
      const found = /"out":"([^"]+)"/.exec(ran.stdout)?.[1];
      if (ran.code !== 0 || !found) throw new Error(`building ${host}: exit ${ran.code}\n${ran.stderr}`);
      return found;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Sends a built system to a host and makes it the newest generation, without activating it. */
export async function sendSystem(host: string, system: string): Promise<void> {
  await requireCommand(["nix", "copy", "--to", `ssh://root@${host}`, system]);
  await requireCommand(["ssh", host, "nix-env", "-p", "/nix/var/nix/profiles/system", "--set", system]);
}

/** Activates a system over ssh, as it ended. */
export function activate(host: string, system: string, action = "switch"): Promise<Ran> {
  return runCommand(["ssh", host, `${system}/bin/switch-to-configuration`, action]);
}

function toNix(hosts: Readonly<Record<string, ToyHost>>): string {
  const entries = Object.entries(hosts).map(([name, knobs]) => {
    const values = Object.entries(knobs).map(([knob, value]) => `${knob} = ${literal(value)};`);
    return `  ${name} = { ${values.join(" ")} };\n`;
  });
  return `{\n${entries.join("")}}\n`;
}

function literal(value: string | number): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value).replaceAll("${", "\\${");
}
