// Makes the analysis for a process: core with the parser and the few other things that core itself may not have.

import { AnalysisHost } from "../core/analysis";
import { createFleetBuilder } from "../core/fleet/buildFleet";
import { createParser, type Grammar, type TreesAhead } from "../core/syntax/parser";
import { evaluatorPorts } from "./evaluatorPorts";
import { loadGrammar } from "./grammar";

/** A host without files. Loads the grammar; one is enough for a process. */
export async function loadAnalysisHost(): Promise<AnalysisHost> {
  return makeAnalysisHost(await loadGrammar());
}

/** A host without files, with a grammar that is loaded already. `ahead`: who else reads its files. */
export function makeAnalysisHost(grammar: Grammar, ahead?: TreesAhead): AnalysisHost {
  const parser = createParser(grammar, ahead);
  const { hash, parseToml } = evaluatorPorts((path, text) => parser.parse(path, text));
  return new AnalysisHost({ parser, buildFleet: createFleetBuilder({ parser, hash, parseToml }) });
}
