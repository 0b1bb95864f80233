// A colmena hive: each node is a host, its address and tags from its own `deployment` options.

import type { Datum } from "../eval/datum";
import type { Value } from "../eval/value";
import type { Hive, HiveNode } from "../models/colmena";
import type { System } from "../nixpkgs/nixosSystem";
import type { Span } from "../text/span";
import type { DeployOutput, Field } from "./fleet";
import type { HostDraft } from "./hostDraft";
import type { HiveFields } from "./parts";
import type { Reading } from "./reading";
import { fieldAt, noteModules, type Systems, systemOfValue } from "./systemHosts";

/** What the hive says of itself; an empty set where it certainly says nothing. `at` is the hive's own name. */
export function hiveMeta(reading: Reading, hive: Hive, at: Span): DeployOutput[] {
  const raw = reading.value(hive.raw);
  if (raw.kind !== "attrs") return [];
  const meta = raw.attrs.get("meta") ?? raw.attrs.get("network");
  if (meta === undefined) {
    if (raw.open !== undefined) return [];
    const value: Datum = { kind: "attrs", span: at, entries: new Map(), complete: true };
    const missingIn = reading.place(raw.span, at);
    return [{ kind: "meta", entryPoint: reading.path, value, nameSpan: at, missingIn }];
  }
  const nameSpan = reading.place(meta.nameSpan);
  return [{ kind: "meta", entryPoint: reading.path, value: reading.datum(meta.value, nameSpan), nameSpan }];
}

/** `prefix` is where the hive stands in its entry point: ["colmena"], or nothing for hive.nix. */
export function hiveHosts(
  reading: Reading,
  all: Systems,
  hive: Hive,
  prefix: readonly string[],
): HostDraft[] {
  if (hive.error !== undefined) reading.problem(hive.error, prefix, reading.top);
  if (hive.open !== undefined) reading.note(`${prefix.join(".") || "the hive"}: ${hive.open}`);
  return [...hive.nodes].map(([name, node]) =>
    reading.ctx.apart(() => nodeDraft(reading, all, node, [...prefix, name])),
  );
}

function nodeDraft(reading: Reading, all: Systems, node: HiveNode, attrPath: readonly string[]): HostDraft {
  const nameSpan = reading.place(node.nameSpan);
  const value = reading.value(node.system);
  const system = systemOfValue(reading.ctx, value);
  if (system !== undefined) all.name(system, attrPath);
  const read = all.read(system, attrPath, nameSpan, {
    check: known => noteModules(reading, known, attrPath, nameSpan),
    node: known => hiveFields(reading, known, attrPath, nameSpan),
  });
  const said = read.node ?? hiveFields(reading, system, attrPath, nameSpan);
  return {
    name: attrPath.at(-1) ?? "",
    definition: { tool: "colmena", attrPath, entryPoint: reading.path, nameSpan, value: said.value },
    hostname: said.hostname,
    sshUser: said.sshUser,
    sshOpts: said.sshOpts,
    buildsOnHost: said.buildsOnHost,
    system: fieldAt(read.platform, nameSpan),
    tags: said.tags,
    profiles: [],
    ...read.facts,
    configuration: { entryPoint: reading.path, attrPath },
  };
}

function hiveFields(
  reading: Reading,
  system: System | undefined,
  attrPath: readonly string[],
  nameSpan: Span,
): HiveFields {
  return {
    value: deploymentOf(reading, system, nameSpan),
    hostname: option(reading, system, attrPath, "targetHost", nameSpan),
    sshUser: option(reading, system, attrPath, "targetUser", nameSpan),
    sshOpts: portOpts(reading, optionValue(reading, system, "targetPort"), nameSpan),
    buildsOnHost: isTrue(optionValue(reading, system, "buildOnTarget")),
    tags: reading.texts(optionValue(reading, system, "tags")),
  };
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === "bool" && value.value;
}

function optionValue(reading: Reading, system: System | undefined, name: string): Value | undefined {
  return reading.ctx.speculate(() => system?.configuration.option(["deployment", name]));
}

/** A port as ssh takes it. */
function portOpts(
  reading: Reading,
  value: Value | undefined,
  at: Span,
): Field<readonly string[]> | undefined {
  if (value === undefined || value.kind === "null") return undefined;
  const span = reading.place(value.span, at);
  if (value.kind === "int") return { known: true, value: ["-p", String(value.value)], span, tier: "read" };
  return { known: false, reason: value.kind === "unknown" ? value.reason : "not a port", span };
}

/** What is defined is where it was typed; colmena's defaults stand where the node does. */
function option(
  reading: Reading,
  system: System | undefined,
  attrPath: readonly string[],
  name: string,
  at: Span,
): Field<string> | undefined {
  const value = optionValue(reading, system, name);
  if (value?.kind === "error") reading.problem(value, [...attrPath, "deployment", name], at);
  if (value === undefined) return { known: false, reason: "the node is not readable", span: at };
  const field = reading.textOf(value, at);
  if (field?.known === false && name === "targetHost") reading.note(`deployment.${name}: ${field.reason}`);
  return field;
}

/** The `deployment` definitions of a node as one set, for what is written there. */
function deploymentOf(reading: Reading, system: System | undefined, at: Span): Datum {
  const tree = system?.configuration.definitions().at(["deployment"]);
  if (tree === undefined) return { kind: "unknown", span: at, reason: "the node is not readable" };
  const entries = new Map(
    tree.names.flatMap(name => {
      const [first, other] = tree.definitionsOf(name);
      if (first === undefined) return [];
      const nameSpan = reading.place(first.nameSpan, at);
      const merged = other === undefined ? first.value : optionValue(reading, system, name);
      return [
        [name, { value: reading.datum(merged, reading.place(first.span, nameSpan)), nameSpan }] as const,
      ];
    }),
  );
  return { kind: "attrs", span: at, entries, complete: tree.open === undefined };
}
