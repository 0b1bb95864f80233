// What Nix on this machine says about store paths: closures, and the outputs of what it builds.

import { isStorePath } from "../../../server/src/core/formats/storePath";
import { t } from "../l10n";
import { capture, type ProcessResult, type ProcessRunner, succeeded } from "../ports/process";
import { redact } from "../redact";
import { CancelledError, UserError } from "../userError";

export const NIX_FEATURES = ["--extra-experimental-features", "nix-command flakes"] as const;

export interface NixPorts {
  readonly processes: ProcessRunner;
  /** The program nix. */
  readonly nix: string;
}

/** The paths and everything they refer to. @throws UserError where the store here does not have them */
export async function closureOf(
  ports: NixPorts,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const errors: string[] = [];
  const spec = { command: ports.nix, args: [...NIX_FEATURES, "path-info", "-r", ...paths] };
  const result = await ports.processes.run(
    spec,
    ({ stream, text }) => void (stream === "stdout" ? lines : errors).push(text),
    signal,
  );
  requireSuccess(result, ports.nix, errors);
  return lines.map(line => line.trim()).filter(isStorePath);
}

/** Builds, and answers the output of each reference in its order. */
export async function buildOutputs(
  ports: NixPorts,
  build: { readonly references: readonly string[]; readonly cwd: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = [...NIX_FEATURES, "build", ...build.references, "--no-link", "--json"];
  const { result, stdout, stderr } = await capture(
    ports.processes,
    { command: ports.nix, args, cwd: build.cwd },
    signal,
  );
  requireSuccess(result, ports.nix, stderr.split("\n"));
  const outputs = [...stdout.matchAll(/"out":"([^"]+)"/g)].map(match => match[1] ?? "");
  if (outputs.length !== build.references.length || !outputs.every(isStorePath))
    throw new UserError(t("Nix built, but did not say what."));
  return outputs;
}

/** @throws CancelledError, or UserError with what the program said last */
export function requireSuccess(result: ProcessResult, program: string, said: readonly string[]): void {
  if (succeeded(result)) return;
  if (result.kind === "cancelled") throw new CancelledError();
  if (result.kind === "spawnFailed") throw new UserError(t("{0} can't be run: {1}", program, result.message));
  const last = said.findLast(line => line.trim() !== "")?.trim() ?? result.kind;
  throw new UserError(t("{0} failed: {1}", program, redact(last)));
}
