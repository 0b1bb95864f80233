// A crash of a rule is a bug of ours: said in one line, while the other findings stand.

import type { Analysis } from "../core/analysis";
import type { Output } from "./command";

export function warnOfCrashes(analysis: Analysis, output: Output): void {
  for (const { where, path, message } of analysis.crashes) {
    output.warn(`internal error in ${where} on ${path}: ${message}; please report it`);
  }
}
