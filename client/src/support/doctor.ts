// Asks this machine what deploying needs. Runs a few read-only programs, at the same time, each with a time limit, and
// none in an untrusted workspace.

import { homedir, release, type } from "node:os";
import type { App } from "../app";
import type { Config } from "../config";
import { findProgram } from "../ports/findProgram";
import { capture, type ProcessRunner, succeeded } from "../ports/process";
import type { ServerState } from "../ports/server";
import type { AgentFinding, DoctorFindings, ToolFinding } from "./report";

const TIME_LIMIT_MS = 5_000;

type DoctorApp = Pick<App, "version" | "config" | "workspace" | "server" | "state" | "ports">;

/** `editor` is its name and version. */
export async function examine(app: DoctorApp, editor: string, signal: AbortSignal): Promise<DoctorFindings> {
  const { snapshot } = app.state.fleet;
  const config = app.config.read();
  const asked = app.workspace.trusted ? await askMachine(app.ports.processes, config, signal) : undefined;
  return {
    extension: app.version,
    editor,
    platform: `${type()} ${release()}, Node ${process.versions.node}`,
    home: homedir(),
    trusted: app.workspace.trusted,
    server: serverText(app.server.state),
    hosts: (snapshot?.hosts ?? []).map(({ tools }) => tools),
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
  const programs: readonly (readonly [Tool, string, readonly string[]])[] = [
    [{ name: "nix", setting: "nix" }, tools.nix, ["--version"]],
    [{ name: "deploy-rs", setting: "deploy" }, tools.deploy, ["--version"]],
    [{ name: "colmena", setting: "colmena" }, tools.colmena, ["--version"]],
    [{ name: "nixos-rebuild", setting: "nixosRebuild" }, tools.nixosRebuild, []],
    [{ name: "ssh" }, "ssh", ["-V"]],
    [{ name: "git" }, "git", ["--version"]],
    [{ name: "cachix", setting: "cachix" }, tools.cachix, ["--version"]],
    [{ name: "attic", setting: "attic" }, tools.attic, ["--version"]],
  ];
  const [found, features, sshAgent] = await Promise.all([
    Promise.all(programs.map(([tool, program, args]) => askTool(processes, tool, program, args, limited()))),
    askFeatures(processes, tools.nix, limited()),
    askAgent(processes, limited()),
  ]);
  return { tools: found, features, sshAgent };
}

type Tool = Pick<ToolFinding, "name" | "setting">;

async function askTool(
  processes: ProcessRunner,
  tool: Tool,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ToolFinding> {
  const path = findProgram(program);
  if (path === undefined || args.length === 0) return { ...tool, path, version: undefined };
  const { stdout, stderr } = await capture(processes, { command: path, args }, signal);
  const version = `${stdout}\n${stderr}`.split("\n").find(line => line.trim() !== "");
  return { ...tool, path, version };
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

async function askAgent(processes: ProcessRunner, signal: AbortSignal): Promise<AgentFinding> {
  if (process.env["SSH_AUTH_SOCK"] === undefined) return { kind: "none" };
  const { result, stdout } = await capture(processes, { command: "ssh-add", args: ["-l"] }, signal);
  if (succeeded(result)) return { kind: "running", keys: stdout.trim().split("\n").length };
  const empty = result.kind === "exited" && result.code === 1;
  return empty ? { kind: "running", keys: 0 } : { kind: "silent" };
}
