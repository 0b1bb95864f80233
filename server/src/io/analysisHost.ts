// Makes the analysis for a process: core with the parser, which core itself may not load.

import { AnalysisHost } from "../core/analysis";
import { loadParser } from "./grammar";

/** A host without files. Loads the grammar; one is enough for a process. */
export async function loadAnalysisHost(): Promise<AnalysisHost> {
  return new AnalysisHost({ parser: await loadParser() });
}
