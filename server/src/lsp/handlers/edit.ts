// nixDeploy/edit: text edits for a change of the configuration, or every reason why there are none.

import * as v from "valibot";
import type { OptionChange } from "../../core/edits/editOption";
import { type OptionOperation, planEdits, type Refusal } from "../../core/edits/planEdits";
import type { PlainValue } from "../../core/edits/printNix";
import type { EditResult, RefusalReason } from "../../protocol";
import { toChanges } from "../conversions";
import type { Session } from "../session";

const target = v.union([
  v.object({ hosts: v.pipe(v.array(v.string()), v.minLength(1)) }),
  v.object({ path: v.string() }),
]);
const plainValue: v.GenericSchema<unknown, PlainValue> = v.lazy(() =>
  v.union([
    v.string(),
    v.number(),
    v.boolean(),
    v.null(),
    v.array(plainValue),
    v.pipe(v.record(v.string(), plainValue)),
  ]),
);
const list = { target, option: v.string(), items: v.array(v.union([v.string(), v.number()])) };
const operation = v.variant("kind", [
  v.object({ kind: v.literal("addToList"), ...list }),
  v.object({ kind: v.literal("removeFromList"), ...list }),
  v.object({ kind: v.literal("set"), target, option: v.string(), value: plainValue }),
]);
const schema = v.object({ operations: v.array(operation) });

type Operation = v.InferOutput<typeof operation>;

export async function edit(session: Session, params: unknown, signal: AbortSignal): Promise<EditResult> {
  const parsed = v.safeParse(schema, params);
  if (!parsed.success)
    return refused([{ message: parsed.issues[0].message, snippet: "", span: undefined }], session);
  const analysis = await session.settledAnalysis(signal);
  const plan = planEdits(analysis, parsed.output.operations.map(toOperation));
  if (plan.kind === "refused") return refused(plan.reasons, session);
  const changes = toChanges(plan.edits, session.lines);
  return changes === undefined
    ? refused([{ message: "a file is gone meanwhile: try again", snippet: "", span: undefined }], session)
    : { kind: "edit", changes, summary: plan.summary };
}

function toOperation(asked: Operation): OptionOperation {
  return { target: asked.target, option: asked.option, change: toChange(asked) };
}

function toChange(asked: Operation): OptionChange {
  return asked.kind === "set"
    ? { kind: "set", value: asked.value }
    : { kind: asked.kind, items: asked.items };
}

function refused(reasons: readonly Refusal[], session: Session): EditResult {
  return {
    kind: "refused",
    reasons: reasons.map(
      ({ message, snippet, span }): RefusalReason => ({
        message,
        snippet,
        path: span?.path ?? null,
        range: (span === undefined ? undefined : session.lines.range(span)) ?? null,
      }),
    ),
  };
}
