// Which commit a folder has, for the ledger and for telling whether hosts run what the repository says.

import { capture, type ProcessRunner, succeeded } from "../ports/process";

export interface WorkTree {
  /** Null outside a Git work tree, without git, and before the first commit. */
  readonly commit: string | null;
  readonly dirty: boolean | null;
}

export async function readWorkTree(processes: ProcessRunner, folder: string): Promise<WorkTree> {
  const git = (args: readonly string[]) => capture(processes, { command: "git", args, cwd: folder });
  const [head, status] = await Promise.all([
    git(["rev-parse", "--verify", "--quiet", "HEAD"]),
    git(["--no-optional-locks", "status", "--porcelain", "--untracked-files=normal"]),
  ]);
  const commit = head.stdout.trim();
  return {
    commit: succeeded(head.result) && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null,
    dirty: succeeded(status.result) ? status.stdout.trim() !== "" : null,
  };
}
