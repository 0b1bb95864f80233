// Makes the analysis for a process: core with the parser and the few other things that core itself may not have.

import { AnalysisHost } from "../core/analysis";
import { createFleetBuilder } from "../core/fleet/buildFleet";
import { evaluatorPorts } from "./evaluatorPorts";
import { loadParser } from "./grammar";

/** A host without files. Loads the grammar; one is enough for a process. */
export async function loadAnalysisHost(): Promise<AnalysisHost> {
  const parser = await loadParser();
  const { hash, parseToml } = evaluatorPorts((path, text) => parser.parse(path, text));
  return new AnalysisHost({ parser, buildFleet: createFleetBuilder({ parser, hash, parseToml }) });
}
