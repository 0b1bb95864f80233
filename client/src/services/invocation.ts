// One call of a service's program as data. Secrets are in `env` or in `privateFiles` and nowhere else: not in the arguments,
// which every user of the machine can read.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { OutputLine, ProcessResult, ProcessRunner } from "../ports/process";

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files that exist, for us alone, while the program runs; a variable names their folder. */
  readonly privateFiles?: PrivateFiles;
  /** Texts that are taken out of everything the program prints. */
  readonly secrets: readonly string[];
}

export interface PrivateFiles {
  /** The variable that is set to the folder. */
  readonly variable: string;
  /** Content by path in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** Runs it to its end. The lines are free of its secrets; private files are gone afterwards, however it ended. */
export async function invoke(
  processes: ProcessRunner,
  invocation: Invocation,
  onLine: (line: OutputLine) => void,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const { privateFiles } = invocation;
  if (privateFiles === undefined) return runWith(processes, invocation, {}, onLine, signal);
  // mkdtemp makes it for its owner alone
  const folder = await mkdtemp(path.join(tmpdir(), "nix-deploy-"));
  try {
    await writePrivateFiles(folder, privateFiles.files);
    const placed = { [privateFiles.variable]: folder };
    return await runWith(processes, invocation, placed, onLine, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param placed variables that say where files are */
function runWith(
  processes: ProcessRunner,
  { command, args, cwd, input, env, secrets }: Invocation,
  placed: Readonly<Record<string, string>>,
  onLine: (line: OutputLine) => void,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const spec = {
    command,
    args,
    env: { ...env, ...placed },
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
  };
  return processes.run(spec, line => onLine({ ...line, text: without(line.text, secrets) }), signal);
}

async function writePrivateFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
  }
}

function without(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(secret => secret !== "")
    .reduce((left, secret) => left.replaceAll(secret, "<redacted>"), text);
}
