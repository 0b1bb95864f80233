// An SSH port whose hosts answer every fixed script with the same lines, for tests of what is made of answers.

import type { SshPort } from "../../client/src/ports/ssh/sshPort";

/** Each line is "KEY VALUE", as `tell` in a script writes it. */
export function answeringHost(...lines: readonly string[]): Pick<SshPort, "run" | "resolve"> {
  return {
    resolve: () => Promise.reject(new Error("the user of the host is known")),
    async run(_target, script) {
      const mark = script.args?.[0] ?? "";
      const stdout = [...lines, "end ok"].map(line => `${mark} ${line}\n`).join("");
      return { kind: "done", stdout, stderr: "", truncated: false, exitCode: 0, signal: undefined };
    },
  };
}
