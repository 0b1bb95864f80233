import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { type Argument, printedSystem, processOf, type RemoteStep, shellLine } from "./step";

const PATH = "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.05";
const connection = { destination: "root@web", configFile: undefined, options: [] };
const remote = (args: readonly Argument[]): RemoteStep => ({ where: "host", phase: "set", connection, args });

test("the last line of standard output is the system, if it is a store path", () => {
  expect(printedSystem(["warning", PATH, ""], "path")).toBe(PATH);
  expect(printedSystem([`${PATH}/bin`], "path")).toBeUndefined();
  expect(printedSystem(["/nix/store/x"], "path")).toBeUndefined();
  expect(printedSystem([], "path")).toBeUndefined();
});

test("a system in double quotes, as evaluations print it", () => {
  expect(printedSystem([`"${PATH}"`, ""], "quoted")).toBe(PATH);
  expect(printedSystem([PATH, '"text"'], "quoted")).toBeUndefined();
});

test("Nix tells a built system as JSON, with more around it in newer versions", () => {
  const drv = PATH.replace("system", "system.drv");
  const old = `[{"drvPath":"${drv}","outputs":{"out":"${PATH}"}}]`;
  const now = `[{"drvPath":"${drv}","outputs":{"man":"/nix/store/x","out":"${PATH}"},"startTime":1}]`;
  expect([old, now, "[]"].map(line => printedSystem([line], "json"))).toEqual([PATH, PATH, undefined]);
  const step = {
    where: "here",
    phase: "build",
    command: "echo",
    cwd: "/",
    env: {},
    printsSystem: "json",
    prepares: true,
  } as const;
  const line = shellLine({ ...step, args: [now] });
  expect(execFileSync("sh", ["-c", `${line}; printf %s "$system"`], { encoding: "utf8" })).toBe(PATH);
});

test("a step whose system is not known yet can't be run", () => {
  expect(() => processOf(remote([{ systemPath: "" }]), undefined)).toThrow(RangeError);
});

test("what is shown does exactly what runs: same words through both shells", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "step-"));
  const ssh = path.join(folder, "ssh");
  // stands for ssh and the shell behind it: the last argument is read by sh, like on a host
  writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n', { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env["PATH"]}` };
  const words = ["printf", "[%s]", "a b", "it's", "$(id)", "`x`", "$system", '"', "", "*"];
  const step = remote([...words, { systemPath: "" }, { systemPath: "/bin/it's $x" }]);
  const spec = processOf(step, PATH);
  const expected = [...words.slice(2), PATH, `${PATH}/bin/it's $x`].map(word => `[${word}]`).join("");
  expect(execFileSync(ssh, [...spec.args], { encoding: "utf8" })).toBe(expected);
  const line = shellLine({ ...step, args: step.args.filter(argument => argument !== "$system") });
  const shown = execFileSync("sh", ["-c", `system=${PATH}\n${line}`], { encoding: "utf8", env });
  expect(shown).toBe(expected.replace("[$system]", ""));
});
