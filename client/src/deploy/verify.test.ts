import { expect, test } from "vitest";
import type { ProcessResult, ProcessRunner } from "../ports/process";
import type { Answer } from "../state/observedStore";
import { askSystem, type Evidence, judge } from "./verify";

const OLD = "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.05";
const NEW = "/nix/store/1c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.11";
const OTHER = "/nix/store/2c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-23.11";
const has = (current: string, profile = current): Answer => ({
  kind: "reached",
  system: { current, profile },
});
const NOTHING: Answer = { kind: "reached", system: { current: undefined, profile: undefined } };
const down: Answer = { kind: "failed", why: "Connection timed out" };
const base: Evidence = {
  action: "deploy",
  failure: undefined,
  expected: NEW,
  before: has(OLD),
  after: has(NEW),
};

test.each<[string, Partial<Evidence>, string, string]>([
  ["runs the new system", {}, "landed", "the host has the new system"],
  ["ran it before", { before: has(NEW) }, "landed", "the host had this system already"],
  [
    "runs it although a unit failed",
    { failure: "exit code 4" },
    "landed",
    "the host has the new system (exit code 4)",
  ],
  [
    "is as before after a failure",
    { failure: "exit code 1", after: has(OLD) },
    "failed",
    "the host has the same system as before (exit code 1)",
  ],
  [
    "is as before after a success",
    { after: has(OLD) },
    "reverted",
    "the tool reported success, but the host has the previous system",
  ],
  ["does not answer", { after: down }, "unknown", "the host can't be asked: Connection timed out"],
  ["cannot be asked", { after: undefined }, "unknown", "the host does not tell which system it has"],
  [
    "runs something else",
    { after: has(OTHER) },
    "unknown",
    `the host has a system that this deployment does not know: ${OTHER}`,
  ],
  [
    "changed, and nobody said to what",
    { expected: undefined },
    "landed",
    "the host has another system than before",
  ],
  [
    "did not change, and nobody said to what",
    { expected: undefined, after: has(OLD) },
    "unknown",
    "the host has the same system as before; whether that is the new one is not known",
  ],
  [
    "changed after a failure, unknown to what",
    { expected: undefined, failure: "exit code 1" },
    "unknown",
    `the host has a system that this deployment does not know: ${NEW} (exit code 1)`,
  ],
  [
    "has it for the next boot",
    { action: "boot", after: has(OLD, NEW) },
    "landed",
    "the host has the new system",
  ],
  [
    "runs the old one and keeps it for the next boot",
    { action: "boot", after: has(OLD), failure: "x" },
    "failed",
    "the host has the same system as before (x)",
  ],
  [
    "never had a system",
    { failure: "x", before: NOTHING, after: NOTHING },
    "failed",
    "the host has no system, as before (x)",
  ],
])("a host that %s", (_name, change, outcome, why) => {
  expect(judge({ ...base, ...change })).toMatchObject({ outcome, why });
});

function answering(result: ProcessResult, stdout: string[], stderr: string[] = []): ProcessRunner {
  return {
    async run(_spec, onLine) {
      for (const text of stdout) onLine({ stream: "stdout", text, cut: false });
      for (const text of stderr) onLine({ stream: "stderr", text, cut: false });
      return result;
    },
    dispose: () => undefined,
  };
}

const connection = { destination: "root@web", configFile: undefined };

test("an answer is two store paths, or what is missing", async () => {
  const ok = { kind: "exited", code: 0 } as const;
  expect(await askSystem(answering(ok, [NEW, OLD]), connection)).toEqual(has(NEW, OLD));
  const bare = await askSystem(answering({ kind: "exited", code: 1 }, ["/run/current-system"]), connection);
  expect(bare).toEqual({ kind: "reached", system: { current: undefined, profile: undefined } });
});

test("what ssh says about a host that does not answer is told", async () => {
  const result = { kind: "exited", code: 255 } as const;
  const answer = await askSystem(
    answering(result, [], ["debug", "ssh: connect to host web port 22: Connection refused"]),
    connection,
  );
  expect(answer).toEqual({ kind: "failed", why: "ssh: connect to host web port 22: Connection refused" });
});
