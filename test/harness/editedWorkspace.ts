// A workspace in memory whose configuration is really edited: the server's part is answered by core, the editor's part
// changes the texts. For flows that end in an edit, and for what the edited configuration then means.

import { pathToFileURL } from "node:url";
import { applyChanges } from "../../client/src/configuration/textChanges";
import { Emitter } from "../../client/src/events";
import type { Documents } from "../../client/src/ports/documents";
import type { Server } from "../../client/src/ports/server";
import type { Analysis } from "../../server/src/core/analysis";
import { planEdits } from "../../server/src/core/edits/planEdits";
import { LineIndex } from "../../server/src/core/text/lineIndex";
import {
  EDIT_REQUEST,
  type EditOperation,
  type EditParams,
  type EditResult,
} from "../../server/src/protocol";
import { analyse } from "./analyse";
import { parseFixture } from "./fixture";

export interface EditedWorkspace {
  readonly server: Server;
  readonly documents: Documents;
  /** The texts by path, as they are now. */
  readonly files: Map<string, string>;
  /** What the configuration means now. */
  analysis(): Analysis;
}

/** A workspace of the fixture's files. */
export function editedWorkspace(fixture: string): EditedWorkspace {
  const files = new Map(parseFixture(fixture).files);
  const analysis = () => analyse(files);
  const server: Server = {
    state: { kind: "running" },
    onDidChangeState: new Emitter<never>().event,
    onNotification: () => new Emitter<unknown>().event,
    async request(method, params) {
      if (method !== EDIT_REQUEST) throw new Error(`not answered here: ${method}`);
      return answer(analysis(), files, (params as EditParams).operations);
    },
    notify: () => undefined,
    start: async () => undefined,
    restart: async () => undefined,
  };
  const documents: Documents = {
    readText: async path => files.get(path),
    async apply(changes) {
      for (const { path, edits } of changes) files.set(path, applyChanges(files.get(path) ?? "", edits).text);
      return true;
    },
  };
  return { server, documents, files, analysis };
}

function answer(
  analysis: Analysis,
  files: ReadonlyMap<string, string>,
  operations: readonly EditOperation[],
): EditResult {
  const plan = planEdits(
    analysis,
    operations.map(each => ({
      target: each.target,
      option: each.option,
      change:
        each.kind === "set" ? { kind: "set", value: each.value } : { kind: each.kind, items: each.items },
    })),
  );
  if (plan.kind === "refused") {
    const reasons = plan.reasons.map(({ message, snippet }) => ({
      message,
      snippet,
      path: null,
      range: null,
    }));
    return { kind: "refused", reasons };
  }
  const changes = [...plan.edits].map(([path, edits]) => {
    const lines = new LineIndex(files.get(path) ?? "");
    return [
      pathToFileURL(path).href,
      edits.map(edit => ({ range: lines.range(edit), newText: edit.newText })),
    ] as const;
  });
  return { kind: "edit", changes: Object.fromEntries(changes), summary: plan.summary };
}
