// Runs a fixed script on a host over the same ssh that deploys to it, so that whoever can deploy can also lock and review. The
// script is an argument of `sh -c`, its data are on standard input; marked lines are the answer, all else is noise.

import { randomBytes } from "node:crypto";
import { t } from "../l10n";
import { type ProcessRunner, type ProcessSpec, succeeded } from "../ports/process";
import { quoteRemote } from "../ports/quoteRemote";
import { redact } from "../redact";
import { type Answers, readAnswers } from "../remote/fixedScript";
import { type SshConnection, sshArguments } from "./sshOptions";

export interface HostScript {
  /** Fixed text; uses `tell KEY VALUE`, and reads its arguments as $1, $2, … */
  readonly body: string;
  readonly args: readonly string[];
  /** What it reads on standard input. */
  readonly input?: string;
  /** root: directly or by a sudo that asks nothing. login: as whoever logs in. */
  readonly as: "root" | "login";
}

export type HostScriptEnd =
  | { readonly kind: "told"; readonly answers: Answers }
  /** One line for people. */
  | { readonly kind: "failed"; readonly why: string };

/** The words before a command that make it root's, whoever logs in. */
export const AS_ROOT = [
  "sh",
  "-c",
  'if [ "$(id -u)" = 0 ]; then exec "$@"; else exec sudo -n -- "$@"; fi',
  "sh",
];

const HEAD = String.raw`
mark=$1; shift
LC_ALL=C; export LC_ALL
PATH=$PATH:/run/current-system/sw/bin:/run/wrappers/bin:/nix/var/nix/profiles/default/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
tell() { printf '%s %s %s\n' "$mark" "$1" "$2"; }
`;

/** Never rejects. */
export async function runOnHost(
  processes: ProcessRunner,
  connection: SshConnection,
  script: HostScript,
  signal?: AbortSignal,
): Promise<HostScriptEnd> {
  const mark = randomBytes(9).toString("hex");
  const text = `${HEAD}body() {\n${script.body}\n}\nbody "$@"\ntell end ok\n`;
  const words = [...(script.as === "root" ? AS_ROOT : []), "sh", "-c", text, "sh", mark, ...script.args];
  const spec: ProcessSpec = {
    command: "ssh",
    args: [...sshArguments(connection), words.map(quoteRemote).join(" ")],
    ...(script.input === undefined ? {} : { input: script.input }),
  };
  const marked: string[] = [];
  let said = "";
  const result = await processes.run(
    spec,
    line => {
      if (line.stream === "stderr") said = line.text.trim() === "" ? said : line.text;
      else if (line.text.startsWith(`${mark} `)) marked.push(line.text);
    },
    signal,
  );
  const answers = readAnswers(marked.join("\n"), mark);
  if (answers.complete) return { kind: "told", answers };
  if (result.kind === "cancelled") return { kind: "failed", why: t("cancelled") };
  if (result.kind === "spawnFailed")
    return { kind: "failed", why: t("ssh can't be started: {0}", result.message) };
  const why = redact(said).slice(0, 300);
  return { kind: "failed", why: why === "" || succeeded(result) ? t("its answer broke off") : why };
}
