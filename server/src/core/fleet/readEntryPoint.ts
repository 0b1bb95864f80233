// Reading one entry point: flake.nix, hive.nix, a stand-alone configuration.nix, a Cachix deploy.json, a nix.conf.

import type { Attr, AttrsValue, Value } from "../eval/value";
import { hiveOf, hives } from "../models/colmena";
import { openFlake } from "../models/flake";
import type { Span } from "../text/span";
import { cachixAgents } from "./cachixDeploy";
import { checkedNodes } from "./deployChecks";
import { deployHosts, deployOutput } from "./deployNodes";
import type { DeployOutput, EntryPointKind, FlakeOutputs } from "./fleet";
import { hiveHosts, hiveMeta } from "./hiveHosts";
import type { HostDraft } from "./hostDraft";
import { machineHosts } from "./machineHosts";
import type { Reading } from "./reading";
import { CONFIGURATION_OUTPUTS, configurationHosts, Systems } from "./systemHosts";

export interface EntryPointFile {
  readonly path: string;
  readonly kind: EntryPointKind;
}

export interface EntryPointContent {
  readonly hosts: readonly HostDraft[];
  readonly deployOutputs: readonly DeployOutput[];
  readonly flakeOutputs: readonly FlakeOutputs[];
}

const NOTHING: EntryPointContent = { hosts: [], deployOutputs: [], flakeOutputs: [] };

export function readEntryPoint(reading: Reading, kind: EntryPointKind): EntryPointContent {
  switch (kind) {
    case "flake":
      return readFlake(reading);
    case "hive":
      return readHive(reading);
    case "configuration":
      return { ...NOTHING, hosts: machineHosts(reading) };
    case "cachix-deploy":
      return { ...NOTHING, hosts: cachixAgents(reading) };
    case "nix.conf":
      return NOTHING;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function readFlake(reading: Reading): EntryPointContent {
  const flake = openFlake(reading.ctx, folderOf(reading.path));
  const outputs = reading.value(flake.outputs);
  if (outputs.kind !== "attrs") {
    if (outputs.kind === "error") reading.problem(outputs, ["outputs"], reading.top);
    else reading.note(`outputs: ${outputs.kind === "unknown" ? outputs.reason : "no known set"}`);
    return NOTHING;
  }
  if (outputs.open !== undefined) reading.note(`outputs: ${outputs.open}`);
  const all = new Systems(reading);
  const hosts: HostDraft[] = [];
  const deployOutputs: DeployOutput[] = [];
  for (const output of CONFIGURATION_OUTPUTS) {
    const set = outputSet(reading, outputs, output);
    if (set !== undefined) hosts.push(...configurationHosts(reading, all, output, set.value));
  }
  hosts.push(...readFlakeHive(reading, all, outputs, deployOutputs));
  const deploy = outputSet(reading, outputs, "deploy");
  if (deploy !== undefined) {
    deployOutputs.push(deployOutput(reading, deploy.value, deploy.nameSpan));
    hosts.push(...deployHosts(reading, all, deploy.value));
  }
  return { hosts, deployOutputs, flakeOutputs: [outputNames(reading, outputs)] };
}

function outputNames(reading: Reading, outputs: AttrsValue): FlakeOutputs {
  return {
    entryPoint: reading.path,
    names: new Map(Array.from(outputs.attrs, ([name, attr]) => [name, reading.place(attr.nameSpan)])),
    complete: outputs.open === undefined,
    deployChecks: checkedNodes(reading, outputs),
  };
}

/** One output that is a set; says why where it is not known. */
function outputSet(
  reading: Reading,
  outputs: AttrsValue,
  name: string,
): { readonly value: AttrsValue; readonly nameSpan: Span } | undefined {
  const attr: Attr | undefined = outputs.attrs.get(name);
  if (attr === undefined) return undefined;
  const value: Value = reading.value(attr.value);
  const nameSpan = reading.place(attr.nameSpan);
  if (value.kind === "attrs") return { value, nameSpan };
  if (value.kind === "error") reading.problem(value, [name], nameSpan);
  else reading.note(`${name}: ${value.kind === "unknown" ? value.reason : "no known set"}`);
  return undefined;
}

function readFlakeHive(
  reading: Reading,
  all: Systems,
  outputs: AttrsValue,
  deployOutputs: DeployOutput[],
): HostDraft[] {
  for (const name of ["colmena", "colmenaHive"]) {
    const set = outputSet(reading, outputs, name);
    if (set === undefined) continue;
    const hive =
      hives.of(set.value) ??
      (name === "colmena" ? hiveOf({ ctx: reading.ctx, site: set.nameSpan }, set.value) : undefined);
    if (hive === undefined) {
      reading.note(`${name}: no hive that makeHive made`);
      continue;
    }
    deployOutputs.push(...hiveMeta(reading, hive, set.nameSpan));
    return hiveHosts(reading, all, hive, [name]);
  }
  return [];
}

function readHive(reading: Reading): EntryPointContent {
  const hive = hiveOf({ ctx: reading.ctx, site: reading.top }, reading.ctx.importFile(reading.path));
  const hosts = hiveHosts(reading, new Systems(reading), hive, []);
  return { hosts, deployOutputs: hiveMeta(reading, hive, reading.top), flakeOutputs: [] };
}
