// Makes the analysis for a process: core with the parser and the few other things that core itself may not have.

import { AnalysisHost } from "../core/analysis";
import { createFleetBuilder } from "../core/fleet/buildFleet";
import type { TreesAhead } from "../core/syntax/parser";
import { evaluatorPorts } from "./evaluatorPorts";
import { grammarFiles, loadParser } from "./grammar";

/** A host without files. Loads the grammar; one is enough for a process. `ahead`: who else reads its files. */
export async function loadAnalysisHost(ahead?: TreesAhead): Promise<AnalysisHost> {
  const parser = await loadParser(grammarFiles(__dirname), ahead);
  const { hash, parseToml } = evaluatorPorts((path, text) => parser.parse(path, text));
  return new AnalysisHost({ parser, buildFleet: createFleetBuilder({ parser, hash, parseToml }) });
}
