// Work of several steps on several hosts that may take days: it can stop after any step, survives a restart, goes on where
// it stopped, and can be undone. A step is idempotent: it looks first, keeps what is there, and does only what is missing.

export interface Step<Facts, Ports> {
  readonly id: string;
  /** For people, as a heading: "The signing key on stage". */
  title(facts: Facts): string;
  run(facts: Facts, ports: Ports, signal: AbortSignal): Promise<StepResult<Facts>>;
  /** Takes back what `run` did; absent where there is nothing to take back. */
  undo?(facts: Facts, ports: Ports, signal: AbortSignal): Promise<StepResult<Facts>>;
}

/** What a step came to. `facts` is what is known afterwards, also after a failure. */
export interface StepResult<Facts> {
  readonly facts: Facts;
  readonly outcome: StepOutcome;
  /** One line for people: what was done or kept, what is missing, what to do. */
  readonly note: string;
}

export type StepOutcome = "done" | "skipped" | "failed" | "undone";

export interface StepRecord {
  readonly outcome: StepOutcome;
  readonly note: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A procedure as it is kept on disk. Holds no secrets. */
export interface Saved<Facts> {
  readonly version: 1;
  readonly kind: string;
  readonly id: string;
  readonly startedAt: number;
  readonly facts: Facts;
  readonly records: Readonly<Record<string, StepRecord>>;
}

export interface Progress<Facts> {
  /** Called before and after each step; the result is kept before the next step begins. */
  save(state: Saved<Facts>): Promise<void>;
  report(step: string): void;
  now(): number;
  readonly signal: AbortSignal;
}

/** Runs the steps that are not done yet, in order, up to the first that fails. */
export async function runProcedure<Facts, Ports>(
  steps: readonly Step<Facts, Ports>[],
  saved: Saved<Facts>,
  ports: Ports,
  progress: Progress<Facts>,
): Promise<Saved<Facts>> {
  let state = saved;
  await progress.save(state);
  for (const step of steps) {
    if (isBehind(state.records[step.id])) continue;
    if (progress.signal.aborted) return state;
    progress.report(step.title(state.facts));
    const result = await step.run(state.facts, ports, progress.signal);
    state = recorded(state, step.id, result, progress.now());
    await progress.save(state);
    if (result.outcome === "failed") return state;
  }
  return state;
}

/** Undoes the steps that were done or tried, last first, up to the first that can't be undone now. */
export async function undoProcedure<Facts, Ports>(
  steps: readonly Step<Facts, Ports>[],
  saved: Saved<Facts>,
  ports: Ports,
  progress: Progress<Facts>,
): Promise<Saved<Facts>> {
  let state = saved;
  for (const step of steps.toReversed()) {
    const record = state.records[step.id];
    if (record === undefined || record.outcome === "undone") continue;
    if (progress.signal.aborted) return state;
    progress.report(step.title(state.facts));
    const nothing: StepResult<Facts> = { facts: state.facts, outcome: "undone", note: record.note };
    const result = step.undo === undefined ? nothing : await step.undo(state.facts, ports, progress.signal);
    state = recorded(state, step.id, result, progress.now());
    await progress.save(state);
    if (result.outcome === "failed") return state;
  }
  return state;
}

/** Every step is done or was not needed. */
export function isFinished<Facts, Ports>(steps: readonly Step<Facts, Ports>[], state: Saved<Facts>): boolean {
  return steps.every(step => isBehind(state.records[step.id]));
}

/** The same with every step to be run again, because the world may have changed; steps keep what is there. */
export function rewound<Facts>(state: Saved<Facts>): Saved<Facts> {
  return { ...state, records: {} };
}

function isBehind(record: StepRecord | undefined): boolean {
  return record?.outcome === "done" || record?.outcome === "skipped";
}

function recorded<Facts>(
  state: Saved<Facts>,
  id: string,
  { facts, outcome, note }: StepResult<Facts>,
  at: number,
): Saved<Facts> {
  return { ...state, facts, records: { ...state.records, [id]: { outcome, note, at } } };
}
