// An SSH port whose every host is this machine: scripts run in a local `sh -s`, as sshd would run them. For tests of what
// scripts do and of what their arguments and answers show.

import { spawn } from "node:child_process";
import { quoteRemote } from "../../client/src/ports/quoteRemote";
import { failed, type SshOutcome } from "../../client/src/ports/ssh/outcome";
import type { SshPort } from "../../client/src/ports/ssh/sshPort";

export interface LocalShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Hears every text that is sent to a host and every answer. */
  readonly onText?: (text: string) => void;
}

export function localShell(options: LocalShellOptions = {}): Pick<SshPort, "run" | "resolve"> {
  return {
    async resolve(target) {
      return {
        alias: target.host,
        hostName: target.host,
        user: target.user ?? "root",
        port: 22,
        userKnownHostsFiles: [],
        globalKnownHostsFiles: [],
        identityFiles: [],
        certificateFiles: [],
        identitiesOnly: false,
        identityAgent: undefined,
        hostKeyAlias: undefined,
        proxyJump: [],
        proxyCommand: undefined,
      } as never;
    },
    run(_target, script, { signal }) {
      const text = `set -- ${(script.args ?? []).map(quoteRemote).join(" ")}\n${script.text}`;
      options.onText?.(text);
      if (signal.aborted) return Promise.resolve(failed("cancelled", "cancelled"));
      const child = spawn("sh", ["-s"], { env: { ...process.env, ...options.env }, signal });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (data: string) => (stdout += data));
      child.stderr.setEncoding("utf8").on("data", (data: string) => (stderr += data));
      child.stdin.on("error", () => undefined).end(text);
      return new Promise<SshOutcome>((resolve, reject) => {
        child.on("error", error =>
          signal.aborted ? resolve(failed("cancelled", "cancelled")) : reject(error),
        );
        child.on("close", (code, ended) => {
          options.onText?.(stdout + stderr);
          resolve({
            kind: "done",
            stdout,
            stderr,
            truncated: false,
            exitCode: code ?? undefined,
            signal: ended ?? undefined,
          });
        });
      });
    },
  };
}
