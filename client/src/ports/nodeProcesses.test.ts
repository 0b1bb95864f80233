import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { systemClock } from "./clock";
import { NodeProcesses } from "./nodeProcesses";
import { capture, type OutputLine } from "./process";

const runner = new NodeProcesses(systemClock);
const sh = (script: string, ...args: string[]) => ({
  command: "/bin/sh",
  args: ["-c", script, "sh", ...args],
});

test("both streams arrive as lines, and the exit code is told", async () => {
  const lines: OutputLine[] = [];
  const result = await runner.run(sh("echo out; echo err >&2; printf 'no newline'; exit 3"), line =>
    lines.push(line),
  );
  expect(result).toEqual({ kind: "exited", code: 3 });
  expect(lines.filter(line => line.stream === "stdout").map(line => line.text)).toEqual([
    "out",
    "no newline",
  ]);
  expect(lines.filter(line => line.stream === "stderr").map(line => line.text)).toEqual(["err"]);
});

test("arguments are never read by a shell", async () => {
  const { stdout } = await capture(runner, { command: "printf", args: ["%s", "$(id) `id` 'x' ;"] });
  expect(stdout).toBe("$(id) `id` 'x' ;\n");
});

test("a missing program, a missing folder and a file that is no program are told apart", async () => {
  const nothing = () => undefined;
  expect(await runner.run({ command: "no-such-program-here", args: [] }, nothing)).toMatchObject({
    reason: "notFound",
  });
  expect(await runner.run({ ...sh("true"), cwd: "/no/such/folder" }, nothing)).toMatchObject({
    reason: "noSuchFolder",
  });
  expect(await runner.run({ command: "/etc/passwd", args: [] }, nothing)).toMatchObject({
    reason: "notExecutable",
  });
  expect(await runner.run({ command: "true", args: ["a\0b"] }, nothing)).toMatchObject({
    kind: "spawnFailed",
  });
});

test("cancelling ends the whole group", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "process-"));
  const abort = new AbortController();
  const script = `sh -c 'echo $$ > ${folder}/child; exec sleep 60' & echo ready; wait`;
  const started = performance.now();
  const result = await runner.run(sh(script), () => setTimeout(() => abort.abort(), 50), abort.signal);
  expect(result).toEqual({ kind: "cancelled" });
  expect(performance.now() - started).toBeLessThan(4_000);
  const child = Number(readFileSync(path.join(folder, "child"), "utf8"));
  await expect.poll(() => alive(child)).toBe(false);
});

test("what ignores TERM is killed", async () => {
  const impatient = new NodeProcesses({
    ...systemClock,
    after: (ms, run) => systemClock.after(ms / 20, run),
  });
  const abort = new AbortController();
  const script = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
  const result = await impatient.run(sh(script), () => abort.abort(), abort.signal);
  expect(result).toEqual({ kind: "cancelled" });
});

test("what runs as somebody else can't be ended, which is no error of ours", async () => {
  const refused = Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    throw refused;
  });
  const abort = new AbortController();
  const running = runner.run(sh("echo ready; sleep 0.3"), () => abort.abort(), abort.signal);
  expect(await running).toEqual({ kind: "cancelled" });
  expect(kill).toHaveBeenCalled();
  kill.mockRestore();
});

test("a signal that is aborted already starts nothing", async () => {
  expect(await runner.run(sh("exit 1"), () => undefined, AbortSignal.abort())).toEqual({ kind: "cancelled" });
});

test("a grandchild that keeps the pipe does not keep us", async () => {
  const started = performance.now();
  const result = await runner.run(sh("sleep 30 & echo $!"), line => {
    setTimeout(() => process.kill(Number(line.text)), 2_000);
  });
  expect(result).toEqual({ kind: "exited", code: 0 });
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("long lines are cut, characters split between chunks are not", async () => {
  const lines: OutputLine[] = [];
  await runner.run(
    sh("head -c 200000 /dev/zero | tr '\\0' x; echo; printf '\\303'; sleep 0.1; printf '\\251\\r\\n'"),
    line => lines.push(line),
  );
  expect(lines.map(line => [line.text.length, line.cut])).toEqual([
    [65_536, true],
    [1, false],
  ]);
  expect(lines[1]?.text).toBe("é");
});

test("standard input is handed over and the environment is changed as asked", async () => {
  const { stdout } = await capture(runner, {
    ...sh("cat; echo $ADDED$HOME"),
    input: "secret\n",
    env: { ADDED: "a", HOME: undefined },
  });
  expect(stdout).toBe("secret\na\n");
});

/** Running, as opposed to gone or waiting for a parent to take note of its end. */
function alive(pid: number): boolean {
  const status = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : ") Z";
  return !status.includes(") Z");
}
