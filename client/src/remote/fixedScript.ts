// The form of every script that is run on a host to set something up or to test it: a fixed POSIX sh text with arguments,
// whose answer are lines "MARK key value". MARK is a random word, so that neither a login banner nor the output of a
// program can pass for an answer. Nothing secret is ever an answer.

import { randomBytes } from "node:crypto";
import type { RemoteScript } from "../ports/ssh/command";

export interface FixedScript {
  /** For messages: "the test of the cache". */
  readonly name: string;
  /** Uses `tell KEY VALUE` and `report KEY FILE` (one answer for each line); reads its arguments as $1, $2, … */
  readonly body: string;
  readonly args: readonly string[];
}

/** What a script told. */
export interface Answers {
  one(key: string): string | undefined;
  all(key: string): readonly string[];
  /** The script came to its end. */
  readonly complete: boolean;
}

const HEAD = String.raw`
mark=$1; shift
LC_ALL=C; LANG=C; export LC_ALL LANG
PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin:/nix/var/nix/profiles/default/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
tell() { printf '%s %s %s\n' "$mark" "$1" "$2"; }
report() { head -c 400000 "$2" | tr '\r' ' ' | while IFS= read -r told || [ -n "$told" ]; do tell "$1" "$told"; done; }
has() { command -v "$1" >/dev/null 2>&1; }
nix_() { nix --extra-experimental-features nix-command "$@"; }
limited() { if has timeout; then timeout -k 5 "$@"; else shift; "$@"; fi; }
`;

/** The script as it is sent, and how its output is read. */
export function prepare(
  script: FixedScript,
  elevate: readonly string[],
): { readonly remote: RemoteScript; read(stdout: string): Answers } {
  const mark = randomBytes(9).toString("hex");
  // in a function, because the shell reads the text from its standard input, which no program may eat
  const text = `main() {\n${HEAD}\nbody() {\n${script.body}\n}\nbody "$@"\ntell end ok\n}\nmain "$@" </dev/null\n`;
  const remote = { name: script.name, text, args: [mark, ...script.args], elevate };
  return { remote, read: stdout => readAnswers(stdout, mark) };
}

/** The marked lines of an output. */
export function readAnswers(stdout: string, mark: string): Answers {
  const byKey = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    if (!line.startsWith(`${mark} `)) continue;
    const rest = line.slice(mark.length + 1);
    const blank = rest.indexOf(" ");
    const [key, value] = blank < 0 ? [rest, ""] : [rest.slice(0, blank), rest.slice(blank + 1)];
    const values = byKey.get(key);
    if (values === undefined) byKey.set(key, [printable(value.trimEnd())]);
    else values.push(printable(value.trimEnd()));
  }
  return {
    one: key => byKey.get(key)?.at(-1),
    all: key => byKey.get(key) ?? [],
    complete: byKey.has("end"),
  };
}

/** Without control characters, so that nothing from a host can steer a terminal or a tree. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "").slice(0, 400_000);
}
