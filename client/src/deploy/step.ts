// One command of a deployment as data: how it runs (argv) and how it reads (a line of shell that does the same). The store
// path of the system is known only after an earlier step, so arguments may leave a place for it.

import { parseStorePath } from "../../../server/src/core/formats/storePath";
import type { ProcessSpec } from "../ports/process";
import { quoteRemote } from "../ports/quoteRemote";
import { type SshConnection, sshArguments } from "./sshOptions";

export const PHASES = ["evaluate", "build", "check", "copy", "set", "activate", "confirm", "verify"] as const;
export type Phase = (typeof PHASES)[number];

/** The place of the system's store path, with what follows it: `{ systemPath: "/bin/switch-to-configuration" }`. */
export interface SystemPath {
  readonly systemPath: string;
}

export type Argument = string | SystemPath;

export type SystemOutput = "path" | "quoted" | "json" | "maybe";

/** A program on this machine. */
export interface LocalStep {
  readonly where: "here";
  readonly phase: Phase;
  readonly command: string;
  readonly args: readonly Argument[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Its standard output tells the system's store path: as its last line, as that in double quotes, as `nix build --json` does,
   * or as its last line if the tool is new enough.
   */
  readonly printsSystem: SystemOutput | false;
  /** It only builds or evaluates: it runs before the review and touches no host. */
  readonly prepares: boolean;
  /** What it builds here, where it may be built together with other hosts' systems. */
  readonly together?: string;
  /** It builds on another machine, and so writes to the store there. */
  readonly elsewhere?: boolean;
  /** What it checks by itself before it does anything, and the words that keep it from that: several hosts are checked once. */
  readonly ownCheck?: { readonly step: LocalStep; readonly without: readonly string[] };
  /** A command of Nix whose log we read for progress; in a terminal people read it themselves. */
  readonly nixLog?: boolean;
  /** It asks for a password, and needs a terminal for that. */
  readonly asks?: boolean;
  /** Reads on standard input which system this Cachix agent is to have. */
  readonly inputForAgent?: string;
}

/** A program on the host, reached by ssh. */
export interface RemoteStep {
  readonly where: "host";
  readonly phase: Phase;
  readonly connection: SshConnection;
  readonly args: readonly Argument[];
}

/** Makes a system the host's: profile, boot loader and, for all but `boot`, what runs. Outlives its connection. */
export interface ActivationStep {
  readonly where: "activation";
  readonly phase: "activate";
  readonly connection: SshConnection;
  /** The words that make a command root's. */
  readonly asRoot: readonly string[];
  /** `generation` takes a number in place of a system. */
  readonly mode: "switch" | "boot" | "rollback" | "generation" | "generation-boot";
  /** How long the host waits for a confirmation over a new connection before it goes back; 0: it does not wait. */
  readonly guardSeconds: number;
}

export type Step = LocalStep | RemoteStep | ActivationStep;

export const SYSTEM: SystemPath = { systemPath: "" };

/** The process that does a step. `system` is the store path that an earlier step printed. */
export function processOf(step: LocalStep | RemoteStep, system: string | undefined): ProcessSpec {
  const args = step.args.map(argument => fill(argument, system));
  if (step.where === "here") {
    const { command, cwd, env, inputForAgent } = step;
    const all = step.nixLog === true ? [...args, "--log-format", "internal-json"] : args;
    if (inputForAgent === undefined) return { command, args: all, cwd, env };
    return { command, args: all, cwd, env, input: agentsSpec(inputForAgent, fill(SYSTEM, system)) };
  }
  // the host's login shell reads one text: every word of it is quoted
  return { command: "ssh", args: [...sshArguments(step.connection), args.map(quoteRemote).join(" ")] };
}

/** What `cachix deploy activate` reads. */
function agentsSpec(agent: string, system: string): string {
  return JSON.stringify({ agents: { [agent]: system } });
}

function fill(argument: Argument, system: string | undefined): string {
  if (typeof argument === "string") return argument;
  if (system === undefined) throw new RangeError("no earlier step told the system's store path");
  return system + argument.systemPath;
}

/** The system that a step printed, from the last line of its standard output. */
export function printedSystem(lines: readonly string[], form: SystemOutput): string | undefined {
  const last = lines.findLast(line => line.trim() !== "")?.trim() ?? "";
  const text =
    form === "json" ? JSON_OUTPUT.exec(last)?.[1] : form === "quoted" ? /^"(.*)"$/.exec(last)?.[1] : last;
  const path = text === undefined ? undefined : parseStorePath(text);
  return path === undefined || path.rest !== "" ? undefined : text;
}

const JSON_OUTPUT = /"outputs":\{[^}]*"out":"([^"]+)"/;
/** The same in shell, for the shown line. */
const FILTERS = {
  json: ` | sed -n 's/.*"out":"\\([^"]*\\)".*/\\1/p'`,
  quoted: ` | tr -d '"'`,
  path: "",
} as const;

const SYSTEM_PROFILE = "/nix/var/nix/profiles/system";

/** What an activation does, as commands for a terminal: without the guard, and dying with their connection. */
export function plainSteps({ connection, asRoot, mode }: ActivationStep): readonly RemoteStep[] {
  const profile = ["nix-env", "-p", SYSTEM_PROFILE];
  const sets = mode === "switch" || mode === "boot";
  const back = mode === "rollback" ? ["--rollback"] : ["--switch-generation", SYSTEM];
  const set = [...profile, ...(sets ? ["--set", SYSTEM] : back)];
  const program = "/bin/switch-to-configuration";
  const target = sets ? { systemPath: program } : SYSTEM_PROFILE + program;
  const activate = [target, mode === "boot" || mode === "generation-boot" ? "boot" : "switch"];
  return [
    { where: "host", phase: "set", connection, args: [...asRoot, ...set] },
    { where: "host", phase: "activate", connection, args: [...asRoot, ...activate] },
  ];
}

/** The step as a line for a POSIX shell; `$system` is set by the step that prints it. */
export function shellLine(step: Step): string {
  if (step.where === "activation") return plainSteps(step).map(shellLine).join(" &&\n");
  if (step.where === "host") {
    const words = ["ssh", ...sshArguments(step.connection)].map(quoteRemote);
    return [...words, remoteText(step.args)].join(" ");
  }
  const env = Object.entries(step.env).map(([name, value]) => `${name}=${quoteRemote(value)}`);
  const command = [...env, quoteRemote(step.command), ...step.args.map(shellWord)].join(" ");
  const spec =
    step.inputForAgent === undefined ? undefined : quoteRemote(agentsSpec(step.inputForAgent, "%s"));
  const line = spec === undefined ? command : `printf ${spec} "$system" | ${command}`;
  if (step.printsSystem === false || step.printsSystem === "maybe") return line;
  return `system=$(${line}${FILTERS[step.printsSystem]})`;
}

function shellWord(argument: Argument): string {
  if (typeof argument === "string") return quoteRemote(argument);
  return `"$system"${argument.systemPath === "" ? "" : quoteRemote(argument.systemPath)}`;
}

/** The text for the host's shell, quoted once more for the shell here; a store path needs no quotes in either. */
function remoteText(args: readonly Argument[]): string {
  const pieces: string[] = [];
  let text = "";
  args.forEach((argument, index) => {
    if (index > 0) text += " ";
    if (typeof argument === "string") {
      text += quoteRemote(argument);
      return;
    }
    if (text !== "") pieces.push(quoteRemote(text));
    pieces.push('"$system"');
    text = argument.systemPath === "" ? "" : quoteRemote(argument.systemPath);
  });
  if (text !== "") pieces.push(quoteRemote(text));
  return pieces.join("");
}
