// Driving a procedure from the editor: which one to go on with, progress while it runs, a page of what was done, and
// buttons for what comes next.

import type { App } from "../app";
import { afterCommand } from "../commands";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { escapePage } from "../treeNode";
import { CancelledError, NothingToDo, orCancel } from "../userError";
import { isFinished, rewound, runProcedure, type Saved, type Step, undoProcedure } from "./procedure";
import type { ProcedureStore } from "./procedureStore";

export interface ProcedureKind<Facts, Ports> {
  readonly steps: readonly Step<Facts, Ports>[];
  readonly store: ProcedureStore<Facts>;
  readonly ports: Ports;
  /** The ids of those that run in this window; lives as long as the window. */
  readonly underway: Set<string>;
  /** "The binary cache on stage". */
  title(facts: Facts): string;
  /** Asks for everything that a new one needs. Rejects with CancelledError if the user backs out. */
  begin(): Promise<Facts>;
  /** Lines of Markdown below the steps: how far each host has got. */
  state?(facts: Facts): readonly string[];
  /** The modal before the first step: every host that is touched. */
  question(facts: Facts): { readonly message: string; readonly detail: string; readonly verb: string };
}

type ProcedureApp = Pick<App, "ui" | "log" | "ports">;

type Choice<Facts> =
  | { readonly kind: "new" }
  | { readonly kind: "resume" | "again" | "undo" | "forget"; readonly state: Saved<Facts> };

/** The command: a new procedure, or one that was begun before. */
export async function procedureCommand<Facts, Ports>(
  app: ProcedureApp,
  kind: ProcedureKind<Facts, Ports>,
  title: string,
): Promise<void> {
  const choice = await choose(app, kind, title);
  if (choice.kind !== "new" && kind.underway.has(choice.state.id))
    throw new NothingToDo(t("{0} is under way already.", kind.title(choice.state.facts)));
  if (choice.kind === "forget") return kind.store.remove(choice.state.id);
  if (choice.kind === "undo") return drive(app, kind, choice.state, "undo");
  if (choice.kind === "resume") return drive(app, kind, choice.state, "run");
  if (choice.kind === "again") return drive(app, kind, rewound(choice.state), "run");
  const facts = await kind.begin();
  if (!(await app.ui.confirm(kind.question(facts)))) throw new CancelledError();
  const now = app.ports.clock.now();
  const state = {
    version: 1,
    kind: kind.store.kind,
    id: now.toString(36),
    startedAt: now,
    facts,
    records: {},
  } as const;
  return drive(app, kind, state, "run");
}

async function choose<Facts, Ports>(
  app: ProcedureApp,
  kind: ProcedureKind<Facts, Ports>,
  title: string,
): Promise<Choice<Facts>> {
  const saved = await kind.store.load();
  if (saved.length === 0) return { kind: "new" };
  const items: PickItem<Choice<Facts>>[] = [{ value: { kind: "new" }, label: t("Begin a new one") }];
  for (const state of saved) {
    const name = kind.title(state.facts);
    const began = new Date(state.startedAt).toLocaleString();
    const finished = isFinished(kind.steps, state);
    const undone = kind.steps.every(step => (state.records[step.id]?.outcome ?? "undone") === "undone");
    if (!finished)
      items.push({ value: { kind: "resume", state }, label: t("Go on: {0}", name), description: began });
    else
      items.push({ value: { kind: "again", state }, label: t("Check again: {0}", name), description: began });
    if (!undone)
      items.push({ value: { kind: "undo", state }, label: t("Undo: {0}", name), description: began });
    items.push({
      value: { kind: "forget", state },
      label: t("Forget: {0}", name),
      description: t("changes nothing on hosts"),
    });
  }
  return orCancel(await app.ui.pickOne(items, { title }));
}

async function drive<Facts, Ports>(
  app: ProcedureApp,
  kind: ProcedureKind<Facts, Ports>,
  start: Saved<Facts>,
  direction: "run" | "undo",
): Promise<void> {
  const name = kind.title(start.facts);
  const work = direction === "run" ? runProcedure : undoProcedure;
  kind.underway.add(start.id);
  const state = await app.ui
    .withProgress(name, ({ report, signal }) =>
      work(kind.steps, start, kind.ports, {
        save: each => kind.store.save(each),
        report: step => report(step),
        now: () => app.ports.clock.now(),
        signal,
      }),
    )
    .finally(() => kind.underway.delete(start.id));
  app.log.info("procedure ran", { kind: kind.store.kind, direction, outcomes: outcomesOf(state) });
  await app.ui.showText({ name: `${kind.store.kind}.md`, text: procedureReport(name, kind, state) });
  afterCommand(app, kind.store.kind, () => sayWhatIsNext(app, kind, state, direction));
}

async function sayWhatIsNext<Facts, Ports>(
  app: ProcedureApp,
  kind: ProcedureKind<Facts, Ports>,
  state: Saved<Facts>,
  direction: "run" | "undo",
): Promise<void> {
  const name = kind.title(state.facts);
  const failed = kind.steps.find(step => state.records[step.id]?.outcome === "failed");
  if (failed === undefined) {
    const done = direction === "undo" || isFinished(kind.steps, state);
    void app.ui.showInfo(done ? t("{0}: done.", name) : t("{0}: stopped. It can be resumed.", name));
    return;
  }
  const message = `${failed.title(state.facts)}: ${state.records[failed.id]?.note ?? ""}`;
  const resume = t("Try Again");
  if ((await app.ui.showWarning(message, resume)) === resume) await drive(app, kind, state, direction);
}

function outcomesOf<Facts>(state: Saved<Facts>): Record<string, string> {
  return Object.fromEntries(Object.entries(state.records).map(([id, { outcome }]) => [id, outcome]));
}

const MARKS = { done: "✓", skipped: "–", failed: "✗", undone: "↩" } as const;

/** The page: each step with what came of it. */
function procedureReport<Facts, Ports>(
  name: string,
  kind: ProcedureKind<Facts, Ports>,
  state: Saved<Facts>,
): string {
  const lines = [`# ${escapePage(name)}`, ""];
  kind.steps.forEach((step, index) => {
    const record = state.records[step.id];
    const mark =
      record === undefined ? t("not yet") : `${MARKS[record.outcome]} ${outcomeText(record.outcome)}`;
    lines.push(`${index + 1}. **${escapePage(step.title(state.facts))}** (${mark})`);
    if (record !== undefined && record.note !== "") lines.push("", `   ${escapePage(record.note)}`, "");
  });
  const more = kind.state?.(state.facts) ?? [];
  if (more.length > 0) lines.push("", ...more);
  return `${lines.join("\n")}\n`;
}

function outcomeText(outcome: keyof typeof MARKS): string {
  switch (outcome) {
    case "done":
      return t("done");
    case "skipped":
      return t("not needed");
    case "failed":
      return t("failed");
    case "undone":
      return t("undone");
  }
}
