// Runs one command to its end with a time limit. A non-zero exit is a value; `require…` turns it into an error that shows the output.
import { spawn } from "node:child_process";

/** What a finished command left behind. `code` is null when a signal ended it. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** How a command runs, where it differs from the test's own surroundings. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** 60 seconds unless told; then the whole process group is killed. */
  readonly timeoutMs?: number;
}

/** Runs argv to its end. */
export function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [command = "", ...args] = argv;
  const start = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: "pipe",
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // a command may end without reading all of its input
  child.stdin.on("error", () => undefined).end(options.input ?? "");
  const limit = setTimeout(() => {
    stderr += `\n[killed after ${options.timeoutMs ?? 60_000} ms]`;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, options.timeoutMs ?? 60_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", code => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr, seconds: (performance.now() - start) / 1000 });
    });
  });
}

/** Runs argv to its end and returns its standard output without the last newline; throws when it fails. */
export async function requireCommand(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await runCommand(argv, options);
  if (ran.code !== 0) throw new Error(`${argv.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout.replace(/\n$/, "");
}
