// Asks this machine what deploying needs. Runs a few read-only programs, at the same time, each with a time limit, and
// none in an untrusted workspace.

import { release, type } from "node:os";
import type { App } from "../app";
import type { Config } from "../config";
import { t } from "../l10n";
import { findProgram } from "../ports/findProgram";
import { capture, type ProcessRunner, succeeded } from "../ports/process";
import type { ServerState } from "../ports/server";
import type { DoctorFindings, ToolFinding } from "./report";

const TIME_LIMIT_MS = 5_000;

type DoctorApp = Pick<App, "version" | "config" | "workspace" | "server" | "state" | "ports">;

export async function examine(app: DoctorApp, signal: AbortSignal): Promise<DoctorFindings> {
  const { snapshot } = app.state.fleet;
  const config = app.config.read();
  const asked = app.workspace.trusted ? await askMachine(app.ports.processes, config, signal) : undefined;
  return {
    extension: app.version,
    platform: `${type()} ${release()}, Node ${process.versions.node}`,
    trusted: app.workspace.trusted,
    server: serverText(app.server.state),
    hosts: snapshot?.hosts.length ?? 0,
    entryPoints: snapshot?.entryPoints ?? [],
    tools: asked?.tools,
    features: asked?.features,
    sshAgent: asked?.sshAgent,
    sshConfigFile: config.ssh.configFile,
  };
}

function serverText(state: ServerState): string {
  return state.kind === "failed" ? `${state.kind}: ${state.why}` : state.kind;
}

async function askMachine(processes: ProcessRunner, config: Config, signal: AbortSignal) {
  const limited = () => AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  const { tools } = config;
  const programs: readonly (readonly [string, string, readonly string[]])[] = [
    ["nix", tools.nix, ["--version"]],
    ["deploy-rs", tools.deploy, ["--version"]],
    ["colmena", tools.colmena, ["--version"]],
    ["nixos-rebuild", tools.nixosRebuild, []],
    ["ssh", "ssh", ["-V"]],
    ["git", "git", ["--version"]],
    ["cachix", tools.cachix, ["--version"]],
    ["attic", tools.attic, ["--version"]],
  ];
  const [found, features, sshAgent] = await Promise.all([
    Promise.all(programs.map(([name, program, args]) => askTool(processes, name, program, args, limited()))),
    askFeatures(processes, tools.nix, limited()),
    askAgent(processes, limited()),
  ]);
  return { tools: found, features, sshAgent };
}

async function askTool(
  processes: ProcessRunner,
  name: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ToolFinding> {
  const path = findProgram(program);
  if (path === undefined || args.length === 0) return { name, path, version: undefined };
  const { stdout, stderr } = await capture(processes, { command: path, args }, signal);
  const version = `${stdout}\n${stderr}`.split("\n").find(line => line.trim() !== "");
  return { name, path, version };
}

async function askFeatures(
  processes: ProcessRunner,
  nix: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (findProgram(nix) === undefined) return undefined;
  return (
    (await shownFeatures(processes, nix, [], signal)) ?? (await withoutNixCommand(processes, nix, signal))
  );
}

/** Where `nix-command` is off, the question itself has to turn it on, and it shows up in the answer. */
async function withoutNixCommand(
  processes: ProcessRunner,
  nix: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const on = ["--extra-experimental-features", "nix-command"];
  const line = await shownFeatures(processes, nix, on, signal);
  return line
    ?.split(/\s+/)
    .filter(name => name !== "nix-command")
    .join(" ");
}

async function shownFeatures(
  processes: ProcessRunner,
  nix: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  // `config show` since 2.20, `show-config` before
  for (const verb of [["config", "show"], ["show-config"]]) {
    const { result, stdout } = await capture(
      processes,
      { command: nix, args: [...options, ...verb] },
      signal,
    );
    const line = /^experimental-features = ?(.*)$/m.exec(stdout)?.[1];
    if (succeeded(result) && line !== undefined) return line;
  }
  return undefined;
}

async function askAgent(processes: ProcessRunner, signal: AbortSignal): Promise<string> {
  if (process.env["SSH_AUTH_SOCK"] === undefined) return t("none (SSH_AUTH_SOCK is not set)");
  const { result, stdout } = await capture(processes, { command: "ssh-add", args: ["-l"] }, signal);
  if (succeeded(result)) return t("{0} keys", stdout.trim().split("\n").length);
  return result.kind === "exited" && result.code === 1 ? t("running, without keys") : t("does not answer");
}
