// Nix without what it remembers of caches: for up to seven days it takes one for reachable, and for 30 for having a path, without
// asking it again. A test that asks must be a question.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Captured, capture, type ProcessRunner, type ProcessSpec } from "../ports/process";

/** Runs a program whose cache folder is new and empty, and gone afterwards. */
export async function captureFresh(
  processes: ProcessRunner,
  spec: ProcessSpec,
  signal: AbortSignal | undefined,
): Promise<Captured> {
  const folder = await mkdtemp(path.join(tmpdir(), "nix-deploy-"));
  try {
    return await capture(processes, { ...spec, env: { ...spec.env, XDG_CACHE_HOME: folder } }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
