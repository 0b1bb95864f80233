// What a step came to, said in one line: `done(facts, note)`.

import type { StepOutcome, StepResult } from "./procedure";

type Came = <Facts>(facts: Facts, note: string) => StepResult<Facts>;

const came =
  (outcome: StepOutcome): Came =>
  (facts, note) => ({ facts, outcome, note });

export const done = came("done");
export const skipped = came("skipped");
export const failed = came("failed");
export const undone = came("undone");
