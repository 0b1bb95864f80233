// The options of colmena as rules judge them: `meta`, and `deployment` with its keys, each where it was typed.

import type { AttrsDatum, Datum } from "../eval/datum";
import type { Fleet } from "../fleet/fleet";
import type { HiveLevel } from "../knowledge/colmena";
import type { Span } from "../text/span";

/** One set of colmena's options. */
export interface HiveOptions {
  readonly level: HiveLevel;
  /** `meta`, `deployment`, `deployment.keys.NAME`. */
  readonly path: string;
  readonly set: AttrsDatum;
  readonly nameSpan: Span;
}

export function hiveOptionSets(fleet: Fleet): readonly HiveOptions[] {
  const metas = fleet.deployOutputs
    .filter(output => output.kind === "meta")
    .flatMap(output => optionsOf("meta", "meta", output.value, output.nameSpan));
  const nodes = fleet.hosts.flatMap(host =>
    host.definitions
      .filter(definition => definition.tool === "colmena")
      .flatMap(definition => deploymentOf(definition.value, definition.nameSpan)),
  );
  return [...metas, ...nodes];
}

function deploymentOf(datum: Datum, at: Span): HiveOptions[] {
  const [deployment] = optionsOf("deployment", "deployment", datum, at);
  const keys = deployment?.set.entries.get("keys");
  if (deployment === undefined) return [];
  if (keys?.value.kind !== "attrs" || isProperty(keys.value)) return [deployment];
  const each = [...keys.value.entries].flatMap(([name, { value, nameSpan }]) =>
    optionsOf("key", `deployment.keys.${name}`, value, nameSpan),
  );
  // `source` is how wire, another tool for hives, calls all three of colmena's sources.
  return [deployment, ...each.filter(({ set }) => !set.entries.has("source"))];
}

function optionsOf(level: HiveLevel, path: string, datum: Datum, nameSpan: Span): HiveOptions[] {
  return datum.kind === "attrs" && !isProperty(datum) ? [{ level, path, set: datum, nameSpan }] : [];
}

/** What mkIf, mkForce and the like make: no set of options yet. */
export function isProperty(datum: Datum | undefined): boolean {
  return datum?.kind === "attrs" && datum.entries.has("_type");
}
