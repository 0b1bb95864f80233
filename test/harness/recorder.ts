// Programs that are not on the test machine, replaced by scripts that write down what they are called with: arguments,
// standard input, chosen variables and the files below one of them. What the real ones do with it is not tested by this.

import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Recorder {
  readonly program: string;
  /** One entry a call. */
  calls(): readonly RecordedCall[];
}

export interface RecordedCall {
  readonly args: readonly string[];
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  /** What other users of the machine could have read in /proc while it ran. */
  readonly commandLine: string;
  /** attic/config.toml below XDG_CONFIG_HOME, with the mode of the file. */
  readonly config: string;
}

export interface Behaviour {
  /** Printed on standard error. */
  readonly says?: string;
  /** Exit codes of the first calls; later ones end with the last. */
  readonly codes?: readonly number[];
}

/** A program of this name that records; every variable in `variables` is kept. */
export function recorder(name: string, variables: readonly string[], behaviour: Behaviour = {}): Recorder {
  const folder = mkdtempSync(path.join(tmpdir(), "recorder-"));
  const program = path.join(folder, name);
  const codes = behaviour.codes ?? [0];
  const script = `#!${process.execPath}
const fs = require("node:fs"), path = require("node:path");
const file = ${JSON.stringify(path.join(folder, "calls"))};
const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd().split("\\n").length : 0;
const home = process.env.XDG_CONFIG_HOME;
const config = home && path.join(home, "attic/config.toml");
const text = config && fs.existsSync(config)
  ? (fs.statSync(config).mode & 0o777).toString(8) + " " + (fs.statSync(home).mode & 0o777).toString(8) + "\\n" + fs.readFileSync(config, "utf8") : "";
const env = Object.fromEntries(${JSON.stringify(variables)}.flatMap(n => process.env[n] === undefined ? [] : [[n, process.env[n]]]));
fs.appendFileSync(file, JSON.stringify({ args: process.argv.slice(2), input: fs.readFileSync(0, "utf8"), env,
  commandLine: fs.readFileSync("/proc/self/cmdline", "utf8"), config: text }) + "\\n");
process.stderr.write(${JSON.stringify(behaviour.says ?? "")});
process.exit(${JSON.stringify(codes)}[Math.min(before, ${codes.length - 1})]);
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const file = path.join(folder, "calls");
  return {
    program,
    calls: () =>
      existsSync(file)
        ? readFileSync(file, "utf8")
            .trimEnd()
            .split("\n")
            .map(line => JSON.parse(line) as RecordedCall)
        : [],
  };
}
