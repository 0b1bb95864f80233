// What a trouble with a cache means for people, and the fix that is right for it: an edit of the configuration, a command
// to run, or words.

import { ANSWER_TROUBLES } from "./explainAnswers";
import { KEY_TROUBLES } from "./explainKeys";
import { REACH_TROUBLES } from "./explainReach";
import { SSH_TROUBLES } from "./explainSsh";
import type { Explain, Explanation, TroubleContext } from "./explanation";
import type { TroubleKind } from "./trouble";

const EXPLANATIONS: Readonly<Record<TroubleKind, Explain>> = {
  ...KEY_TROUBLES,
  ...SSH_TROUBLES,
  ...REACH_TROUBLES,
  ...ANSWER_TROUBLES,
};

export function explain(kind: TroubleKind, context: TroubleContext): Explanation {
  return EXPLANATIONS[kind](context);
}
