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

/** A program on this machine. */
export interface LocalStep {
  readonly where: "here";
  readonly phase: Phase;
  readonly command: string;
  readonly args: readonly Argument[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its standard output tells the system's store path: as its last line, or as `nix build --json` does. */
  readonly printsSystem: "path" | "json" | false;
}

/** A program on the host, reached by ssh. */
export interface RemoteStep {
  readonly where: "host";
  readonly phase: Phase;
  readonly connection: SshConnection;
  readonly args: readonly Argument[];
}

export type Step = LocalStep | RemoteStep;

export const SYSTEM: SystemPath = { systemPath: "" };

/** The process that does a step. `system` is the store path that an earlier step printed. */
export function processOf(step: Step, system: string | undefined): ProcessSpec {
  const args = step.args.map(argument => fill(argument, system));
  if (step.where === "here") return { command: step.command, args, cwd: step.cwd, env: step.env };
  // the host's login shell reads one text: every word of it is quoted
  return { command: "ssh", args: [...sshArguments(step.connection), args.map(quoteRemote).join(" ")] };
}

function fill(argument: Argument, system: string | undefined): string {
  if (typeof argument === "string") return argument;
  if (system === undefined) throw new RangeError("no earlier step told the system's store path");
  return system + argument.systemPath;
}

/** The system that a step printed, from the last line of its standard output. */
export function printedSystem(lines: readonly string[], form: "path" | "json"): string | undefined {
  const last = lines.findLast(line => line.trim() !== "")?.trim() ?? "";
  const text = form === "path" ? last : JSON_OUTPUT.exec(last)?.[1];
  const path = text === undefined ? undefined : parseStorePath(text);
  return path === undefined || path.rest !== "" ? undefined : text;
}

const JSON_OUTPUT = /"outputs":\{[^}]*"out":"([^"]+)"/;
/** The same in shell, for the shown line. */
const JSON_FILTER = ` | sed -n 's/.*"out":"\\([^"]*\\)".*/\\1/p'`;

/** The step as a line for a POSIX shell; `$system` is set by the step that prints it. */
export function shellLine(step: Step): string {
  if (step.where === "host") {
    const words = ["ssh", ...sshArguments(step.connection)].map(quoteRemote);
    return [...words, remoteText(step.args)].join(" ");
  }
  const env = Object.entries(step.env).map(([name, value]) => `${name}=${quoteRemote(value)}`);
  const line = [...env, quoteRemote(step.command), ...step.args.map(shellWord)].join(" ");
  if (step.printsSystem === false) return line;
  return `system=$(${line}${step.printsSystem === "json" ? JSON_FILTER : ""})`;
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
