// The settings that the client itself reads, in one place. Settings of the analysis are the server's own business.
// Everything that reaches a process is machine-scoped in package.json and ignored in untrusted workspaces.

import { homedir } from "node:os";
import path from "node:path";
import type { Event } from "./events";

export interface Config {
  readonly tools: ToolPaths;
  readonly ssh: SshConfig;
  readonly hosts: HostsConfig;
  readonly deploy: DeployConfig;
  readonly push: PushConfig;
  readonly evaluate: EvaluateConfig;
}

export interface PushConfig {
  /** Caches that everybody asks anyway: what they have need not be pushed. */
  readonly upstreamCaches: readonly string[];
}

/** Limits for real Nix evaluating one host. */
export interface EvaluateConfig {
  readonly seconds: number;
  readonly memoryMiB: number;
}

/** Programs, as names looked up on PATH or absolute paths. */
export interface ToolPaths {
  readonly nix: string;
  readonly deploy: string;
  readonly colmena: string;
  readonly nixosRebuild: string;
  readonly cachix: string;
  readonly attic: string;
}

export interface SshConfig {
  /** Passed to ssh as `-F`; undefined means ssh's own default. */
  readonly configFile: string | undefined;
  /** How many connections for asking hosts are open at once. */
  readonly concurrency: number;
}

export interface HostsConfig {
  /** How often all hosts are asked; 0 for only when somebody looks. */
  readonly refreshMinutes: number;
}

export interface DeployConfig {
  /** The tool for hosts that several tools know. */
  readonly tool: PreferredTool;
  /** How many hosts at once. */
  readonly parallel: number;
  /** Deployments that took longer are marked in the history. */
  readonly slowMinutes: number;
  /** A file in the repository that holds the history too; undefined for none. */
  readonly historyFile: string | undefined;
  /** How long a host waits for our confirmation before it goes back to the system before; 0 for no guard. */
  readonly guardSeconds: number;
  /** "here", "target", or `user@host`. */
  readonly buildOn: string;
  /** By which program systems are sent to hosts, where no tool does it. */
  readonly copyWith: CopyProgram;
  /** How many hosts go before all others. */
  readonly canaries: number;
  /** How many hosts a later wave has; 0 for all. */
  readonly batchSize: number;
  /** What becomes of hosts that do not answer before anything is done. */
  readonly offline: OfflinePolicy;
  /** How long queued hosts are waited for. */
  readonly queueMinutes: number;
  /** When one host does not land, the others go back too. */
  readonly allOrNothing: boolean;
  /** A command by host name, or under "*" for all: it fails where the host is not well. */
  readonly healthCommands: ReadonlyMap<string, readonly string[]>;
  /** The Cachix cache that agents of Cachix Deploy fetch from. */
  readonly cachixCache: string | undefined;
}

export const COPY_PROGRAMS = ["nix copy", "nix-copy-closure"] as const;
export type CopyProgram = (typeof COPY_PROGRAMS)[number];

const OFFLINE_POLICIES = ["skip", "queue", "abort"] as const;
/** skip: leave the host out. queue: try it again until it answers. abort: change no host at all. */
export type OfflinePolicy = (typeof OFFLINE_POLICIES)[number];

export const PREFERRED_TOOLS = [
  "auto",
  "deploy-rs",
  "colmena",
  "nixos-rebuild",
  "cachix-deploy",
  "direct",
] as const;
export type PreferredTool = (typeof PREFERRED_TOOLS)[number];

export interface ConfigReader {
  /** The settings as they are now. */
  read(): Config;
  readonly onDidChange: Event<void>;
}

/** The command that tells whether this host is well; undefined where none is set. */
export function healthCommandFor(
  { healthCommands }: Pick<DeployConfig, "healthCommands">,
  host: string,
): readonly string[] | undefined {
  return healthCommands.get(host) ?? healthCommands.get("*");
}

/** Reads every setting with `get`, which is given keys without the `nixDeploy.` prefix. Wrong values count as unset. */
export function parseConfig(get: (key: string) => unknown): Config {
  const file = (key: string) => atHome(text(get(key)));
  return {
    tools: {
      nix: file("tools.nix") ?? "nix",
      deploy: file("tools.deploy") ?? "deploy",
      colmena: file("tools.colmena") ?? "colmena",
      nixosRebuild: file("tools.nixosRebuild") ?? "nixos-rebuild",
      cachix: file("tools.cachix") ?? "cachix",
      attic: file("tools.attic") ?? "attic",
    },
    ssh: {
      configFile: file("ssh.configFile"),
      concurrency: whole(get("ssh.concurrency"), 1, 128) ?? 16,
    },
    hosts: { refreshMinutes: whole(get("hosts.refreshMinutes"), 0, 24 * 60) ?? 0 },
    deploy: {
      tool: oneOf(get("deploy.tool"), PREFERRED_TOOLS) ?? "auto",
      parallel: whole(get("deploy.parallel"), 1, 64) ?? 4,
      slowMinutes: whole(get("deploy.slowMinutes"), 1, 24 * 60) ?? 10,
      historyFile: text(get("deploy.historyFile")),
      guardSeconds: whole(get("deploy.guardSeconds"), 0, 3600) ?? 60,
      buildOn: text(get("deploy.buildOn")) ?? "here",
      copyWith: oneOf(get("deploy.copyWith"), COPY_PROGRAMS) ?? "nix copy",
      canaries: whole(get("deploy.canaries"), 0, 1000) ?? 0,
      batchSize: whole(get("deploy.batchSize"), 0, 1000) ?? 0,
      offline: oneOf(get("deploy.offline"), OFFLINE_POLICIES) ?? "skip",
      queueMinutes: whole(get("deploy.queueMinutes"), 1, 24 * 60) ?? 30,
      allOrNothing: get("deploy.allOrNothing") === true,
      healthCommands: commands(get("deploy.healthCommands")),
      cachixCache: text(get("deploy.cachixCache")),
    },
    push: { upstreamCaches: texts(get("push.upstreamCaches")) ?? ["https://cache.nixos.org"] },
    evaluate: {
      seconds: whole(get("evaluate.seconds"), 5, 3600) ?? 120,
      memoryMiB: whole(get("evaluate.memoryMiB"), 256, 1024 * 1024) ?? 4096,
    },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter(item => typeof item === "string") : undefined;
}

/** No shell reads our arguments, so `~/` is ours to replace. */
function atHome(file: string | undefined): string | undefined {
  return file?.startsWith("~/") === true ? path.join(homedir(), file.slice(2)) : file;
}

function whole(value: unknown, min: number, max: number): number | undefined {
  return typeof value === "number" && Number.isFinite(value)
    ? Math.min(max, Math.max(min, Math.round(value)))
    : undefined;
}

/** An object whose values are commands: lists of words. */
function commands(value: unknown): ReadonlyMap<string, readonly string[]> {
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(
    Object.entries(value).filter(
      (entry): entry is [string, string[]] =>
        Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every(word => typeof word === "string"),
    ),
  );
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find(item => item === value);
}
