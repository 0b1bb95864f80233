// Changes to the configuration: the server says which texts to edit, the user sees the difference and decides, the editor
// makes and saves them. What was changed is remembered, so that it can be taken back later.

import { fileURLToPath } from "node:url";
import {
  EDIT_REQUEST,
  type EditAnswer,
  type EditOperation,
  type EditParams,
  type EditResult,
  type RefusalReason,
} from "../../../server/src/protocol";
import type { App } from "../app";
import { isRecord } from "../json";
import { t } from "../l10n";
import type { FileEdits } from "../ports/documents";
import type { TextChange } from "../ports/ui";
import { CancelledError, UserError } from "../userError";
import { applyChanges, fingerprint, lineDifference, type Replaced, takeBack } from "./textChanges";

export type EditApp = Pick<App, "server" | "ui" | "documents">;

export interface Proposal {
  /** The question's sentence, which names the hosts: "Let prod ask the cache of stage?" */
  readonly message: string;
  readonly operations: readonly EditOperation[];
}

/** What a change did, to take it back. Holds no more of the files than the changed pieces. */
export interface ChangedFile {
  readonly path: string;
  readonly after: string;
  readonly replaced: readonly Replaced[];
}

/** Whether a value that was kept on disk is such a change. */
export function isChangedFile(value: unknown): value is ChangedFile {
  if (!isRecord(value) || !Array.isArray(value["replaced"])) return false;
  if (typeof value["path"] !== "string" || typeof value["after"] !== "string") return false;
  return value["replaced"].every(
    each =>
      isRecord(each) &&
      typeof each["offset"] === "number" &&
      typeof each["inserted"] === "string" &&
      typeof each["removed"] === "string",
  );
}

/**
 * Shows what the operations change in each file and makes the changes once the user agrees. Empty where everything stands
 * there already.
 * @throws UserError where the configuration is written so that it cannot be edited, CancelledError if the user declines
 */
export async function proposeEdits(app: EditApp, proposal: Proposal): Promise<readonly ChangedFile[]> {
  const answer = await requestEdits(app, proposal.operations);
  const files = Object.entries(answer.changes)
    .filter(([, edits]) => edits.length > 0)
    .map(([uri, edits]): FileEdits => ({ path: fileURLToPath(uri), edits }));
  if (files.length === 0) return [];
  return makeChanges(app, files, {
    message: proposal.message,
    detail: answer.summary.join("\n"),
    verb: t("Change the Configuration"),
  });
}

/** Takes earlier changes back, after the user has seen the difference. @throws UserError where a place is not found again */
export async function proposeUndo(
  app: Pick<App, "ui" | "documents">,
  message: string,
  changed: readonly ChangedFile[],
): Promise<void> {
  const texts = new Map<string, { readonly before: string; readonly now: string }>();
  // the latest first: an earlier change is found only once what came after it is gone
  for (const { path, after, replaced } of changed.toReversed()) {
    const read = texts.get(path)?.now ?? (await app.documents.readText(path));
    const edits = read === undefined ? undefined : takeBack(read, replaced, after);
    if (read === undefined || edits === undefined)
      throw new UserError(
        t("{0} has changed since, so take this out by hand: {1}", path, insertedText(replaced)),
      );
    texts.set(path, { before: texts.get(path)?.before ?? read, now: applyChanges(read, edits).text });
  }
  const files = [...texts].map(
    ([path, { before, now }]): FileEdits => ({ path, edits: lineDifference(before, now) }),
  );
  if (files.length === 0) return;
  const detail = files.map(({ path }) => path).join("\n");
  await makeChanges(app, files, { message, detail, verb: t("Take the Changes Back") });
}

async function requestEdits(
  app: Pick<App, "server">,
  operations: readonly EditOperation[],
): Promise<EditAnswer> {
  const params: EditParams = { operations };
  // the server is ours and of the same version: its answer is taken at its word
  const result = (await app.server.request(EDIT_REQUEST, params)) as EditResult;
  if (result.kind === "edit") return result;
  throw new UserError(refusalText(result.reasons));
}

/** Why nothing could be edited, with what to write by hand. */
function refusalText(reasons: readonly RefusalReason[]): string {
  const lines = reasons.map(({ message, snippet }) => (snippet === "" ? message : `${message}: ${snippet}`));
  return t("The configuration can't be edited: {0}", [...new Set(lines)].join("; "));
}

async function makeChanges(
  app: Pick<App, "ui" | "documents">,
  files: readonly FileEdits[],
  question: { readonly message: string; readonly detail: string; readonly verb: string },
): Promise<readonly ChangedFile[]> {
  const changed: ChangedFile[] = [];
  const changes: TextChange[] = [];
  for (const { path, edits } of files) {
    const before = (await app.documents.readText(path)) ?? "";
    const { text, replaced } = applyChanges(before, edits);
    changed.push({ path, after: fingerprint(text), replaced });
    changes.push({ path, before, after: text });
  }
  if (!(await app.ui.confirmChanges({ ...question, changes }))) throw new CancelledError();
  // the positions are those of the texts that were shown
  for (const { path, before } of changes)
    if (((await app.documents.readText(path)) ?? "") !== before)
      throw new UserError(t("{0} has changed meanwhile, so nothing was done. Try again.", path));
  if (!(await app.documents.apply(files)))
    throw new UserError(t("The editor refused the changes, or could not save them. Nothing else was done."));
  return changed;
}

function insertedText(replaced: readonly Replaced[]): string {
  return replaced
    .map(({ inserted }) => inserted.trim())
    .filter(piece => piece !== "")
    .join(" ");
}
