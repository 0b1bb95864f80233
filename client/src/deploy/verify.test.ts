import { expect, test } from "vitest";
import type { ProcessResult, ProcessRunner } from "../ports/process";
import type { HostAnswer } from "./hostAnswer";
import { pauseAfter, refusalIn } from "./refusedLogin";
import { askSystem, type Evidence, judge } from "./verify";

const OLD = "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.05";
const NEW = "/nix/store/1c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.11";
const OTHER = "/nix/store/2c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-23.11";
const reached = { kind: "reached", generation: undefined, older: undefined, switching: false } as const;
const has = (current: string, profile = current, generation?: number, older?: string): HostAnswer => ({
  ...reached,
  system: { current, profile },
  generation,
  older: older === undefined ? undefined : { generation: 1, system: older },
});
const NOTHING: HostAnswer = { ...reached, system: { current: undefined, profile: undefined } };
const down: HostAnswer = { kind: "failed", why: "Connection timed out" };
const base: Evidence = {
  action: "deploy",
  failure: undefined,
  activation: undefined,
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
    "has a new generation, and nobody said which",
    { expected: undefined, before: has(OLD, OLD, 4), after: has(NEW, NEW, 5) },
    "landed",
    "the host has a new generation, and runs it",
  ],
  [
    "changed without a new generation, and nobody said to what",
    { expected: undefined, before: has(OLD, OLD, 4), after: has(NEW, OLD, 4) },
    "unknown",
    `the host has a system that this deployment does not know: ${NEW}`,
  ],
  [
    "went back by itself",
    { activation: "reverted", failure: "not confirmed", after: has(OLD) },
    "reverted",
    "the host went back to the system before (not confirmed)",
  ],
  [
    "rolled back to the generation before",
    { action: "rollback", expected: undefined, before: has(NEW, NEW, 2, OLD), after: has(OLD) },
    "landed",
    "the host has the new system",
  ],
  [
    "rolled back to something else",
    { action: "rollback", expected: undefined, before: has(NEW, NEW, 2, OLD), after: has(OTHER) },
    "unknown",
    `the host has a system that this deployment does not know: ${OTHER}`,
  ],
  [
    "did not roll back",
    { action: "rollback", expected: undefined, failure: "x", before: has(NEW, NEW, 2, OLD), after: has(NEW) },
    "failed",
    "the host has the same system as before (x)",
  ],
  [
    "failed with the profile left on the new system",
    { failure: "x", before: has(OLD), after: has(OLD, NEW) },
    "failed",
    `the host has the same system as before; but its next boot gets another system: ${NEW} (x)`,
  ],
  [
    "is still switching",
    { after: { ...reached, switching: true, system: { current: OLD, profile: NEW } } },
    "unknown",
    "a switch is still running on the host",
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

const connection = { destination: "root@web", configFile: undefined, options: [] };

test("an answer tells systems, generations, and whether a switch runs", async () => {
  const ok = { kind: "exited", code: 0 } as const;
  const wrapped = `/nix/store/3c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-activatable-nixos-system-web`;
  const said = [`current ${NEW}`, `profile ${wrapped}`, `version ${OLD}/nixos-version`, "generation 7"];
  expect(
    await askSystem(answering(ok, [...said, `older 5 ${OTHER}/nixos-version`, "switching yes"]), connection),
  ).toEqual({
    kind: "reached",
    system: { current: NEW, profile: OLD },
    generation: 7,
    older: { generation: 5, system: OTHER },
    switching: true,
  });
  const bare = await askSystem(
    answering({ kind: "exited", code: 1 }, ["current /run/current-system", "profile", "older 0 "]),
    connection,
  );
  expect(bare).toEqual(NOTHING);
});

test("a refused login is told from a host that is away, and asked again later than that", () => {
  const words = [
    "root@web: Permission denied (publickey).",
    "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures",
    "Not allowed at this time",
    "Host key verification failed.",
    "ssh: connect to host web port 22: Connection refused",
    "",
  ];
  expect(words.map(refusalIn)).toEqual(["auth", "auth", "auth", "hostKey", undefined, undefined]);
  expect(words.map(said => pauseAfter(said, 2_000))).toEqual([15_000, 15_000, 15_000, 15_000, 2_000, 2_000]);
});

test("what ssh says about a host that does not answer is told", async () => {
  const result = { kind: "exited", code: 255 } as const;
  const answer = await askSystem(
    answering(result, [], ["debug", "ssh: connect to host web port 22: Connection refused"]),
    connection,
  );
  expect(answer).toEqual({ kind: "failed", why: "ssh: connect to host web port 22: Connection refused" });
});
