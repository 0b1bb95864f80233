// Tells Git of a file, so that the flake around it sees it. Only its name goes into the index: nothing of its content is
// staged, and a later `git add` or commit works as ever.

import path from "node:path";
import type { App } from "../app";
import { t } from "../l10n";
import { type Captured, capture, type ProcessSpec, succeeded } from "../ports/process";
import { UserError } from "../userError";

export type TrackingApp = Pick<App, "ui" | "log" | "workspace"> & {
  readonly ports: Pick<App["ports"], "processes">;
};

/** @throws UserError for a file outside of the workspace, and where Git refuses it, with what Git says */
export async function trackFile(app: TrackingApp, file: string | undefined): Promise<void> {
  if (file === undefined) throw new UserError(t("Open the file that Git shall know, then try again."));
  const folders = app.workspace.folders.map(folder => folder.path);
  if (!folders.some(folder => isInside(folder, file)))
    throw new UserError(t("{0} lies outside of this workspace.", file));
  const answer = await capture(app.ports.processes, intentToAdd(file));
  if (!succeeded(answer.result)) throw new UserError(refusal(file, answer));
  app.log.info("file tracked", { file });
  void app.ui.showInfo(
    t("Git knows {0} now, so the flake sees it. Its content is not staged.", path.basename(file)),
  );
}

/** A folder stands for the files in it that Git does not ignore. */
function intentToAdd(file: string): ProcessSpec {
  // a name is a name here, whatever Git's patterns would make of it
  const args = ["--literal-pathspecs", "add", "--intent-to-add", "--", file];
  return { command: "git", args, cwd: path.dirname(file) };
}

function isInside(folder: string, file: string): boolean {
  const inner = path.relative(folder, file);
  return inner !== "" && !path.isAbsolute(inner) && inner.split(path.sep)[0] !== "..";
}

function refusal(file: string, { result, stderr }: Captured): string {
  if (result.kind === "spawnFailed" && result.reason === "notFound")
    return t("The program git was not found.");
  const said = stderr.trim() === "" ? result.kind : stderr.trim();
  return t("Git does not take {0}: {1}", path.basename(file), said);
}
