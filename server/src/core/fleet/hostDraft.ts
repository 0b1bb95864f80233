// A host as one tool of one entry point knows it, before what belongs to the same machine is put together.

import type { Datum } from "../eval/datum";
import type { OptionFact, SettingFact } from "../facts/facts";
import type { ConfigurationReference, Field, Host, HostDefinition, Profile } from "./fleet";

export interface HostDraft {
  readonly name: string;
  readonly definition: HostDefinition;
  readonly hostname: Field<string> | undefined;
  readonly sshUser: Field<string> | undefined;
  readonly sshOpts?: Field<readonly string[]> | undefined;
  readonly system: Field<string> | undefined;
  /** The tool is told to build on the host itself. */
  readonly buildsOnHost?: boolean;
  readonly tags: readonly string[];
  readonly profiles: readonly Profile[];
  readonly options: readonly OptionFact[];
  readonly settings: readonly SettingFact[];
  readonly effective: ReadonlyMap<string, Datum>;
  readonly files: readonly string[];
  /** What it deploys, or is. */
  readonly configuration: ConfigurationReference | undefined;
  readonly why: readonly string[];
}

/** Puts drafts of the same machine together: the same configuration, the same name in one entry point, the same address. */
export function joinHosts(drafts: readonly HostDraft[]): Host[] {
  const groups: HostDraft[][] = [];
  const byTrait = new Map<string, Set<number>>();
  for (const draft of drafts) {
    const traits = traitsOf(draft);
    const candidates = [...new Set(traits.flatMap(trait => [...(byTrait.get(trait) ?? [])]))];
    const same = candidates.sort((a, b) => a - b).find(index => isOf(groups[index] ?? [], draft));
    const index = same ?? groups.length;
    if (same === undefined) groups.push([draft]);
    else groups[same]?.push(draft);
    for (const trait of traits) byTrait.set(trait, (byTrait.get(trait) ?? new Set()).add(index));
  }
  const used = new Set<string>();
  return groups.map(group => hostOf(group, used));
}

function isOf(group: readonly HostDraft[], draft: HostDraft): boolean {
  return group.some(other => isSame(other, draft)) && !group.some(other => isAnother(other, draft));
}

/** Drafts that have none of these in common are not of the same machine. */
function traitsOf(draft: HostDraft): string[] {
  const { name, definition, configuration } = draft;
  const { tool, entryPoint, attrPath } = definition;
  const address = addressOf(draft);
  return [
    ["node", tool, entryPoint, ...attrPath],
    ["name", entryPoint, name],
    ...(configuration === undefined
      ? []
      : [["configuration", configuration.entryPoint, ...configuration.attrPath]]),
    ...(address === undefined ? [] : [["address", address]]),
  ].map(trait => trait.join("\0"));
}

function isSame(a: HostDraft, b: HostDraft): boolean {
  const sameEntry = a.definition.entryPoint === b.definition.entryPoint;
  if (a.definition.tool === b.definition.tool && sameEntry) return sameNode(a, b);
  const [ours, theirs] = [a.configuration, b.configuration];
  if (ours !== undefined && theirs !== undefined && isSameConfiguration(ours, theirs)) return true;
  if (
    sameEntry &&
    a.name === b.name &&
    !(ours !== undefined && theirs !== undefined && bothSystems(ours, theirs))
  )
    return true;
  return sameAddress(a, b);
}

/** One tool of one entry point has both: two machines, even where they run one configuration. */
function isAnother(a: HostDraft, b: HostDraft): boolean {
  const sameTool = a.definition.tool === b.definition.tool;
  return sameTool && a.definition.entryPoint === b.definition.entryPoint && !sameNode(a, b);
}

/** Two attributes of one output are two hosts, whatever they share. */
function sameNode(a: HostDraft, b: HostDraft): boolean {
  return a.definition.attrPath.join("\0") === b.definition.attrPath.join("\0");
}

function isSameConfiguration(a: ConfigurationReference, b: ConfigurationReference): boolean {
  return a.entryPoint === b.entryPoint && a.attrPath.join("\0") === b.attrPath.join("\0");
}

function bothSystems(a: ConfigurationReference, b: ConfigurationReference): boolean {
  return a.attrPath[0] === b.attrPath[0];
}

const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

function sameAddress(a: HostDraft, b: HostDraft): boolean {
  if (a.definition.tool === b.definition.tool) return false;
  const [ours, theirs] = [addressOf(a), addressOf(b)];
  if (ours === undefined || theirs === undefined || ours !== theirs || LOCAL.has(ours)) return false;
  // Machines behind one address differ by port.
  return portOf(a) !== undefined && portOf(a) === portOf(b);
}

function addressOf({ hostname }: HostDraft): string | undefined {
  return hostname?.known === true ? hostname.value.toLowerCase().replace(/^\[(.*)\]$/, "$1") : undefined;
}

/** The port of ssh as far as arguments tell it; undefined where these are not known. */
function portOf({ sshOpts }: HostDraft): string | undefined {
  if (sshOpts?.known === false) return undefined;
  const words = (sshOpts?.value ?? []).join(" ");
  return /(?:^|\s)-p\s*(\d+)/.exec(words)?.[1] ?? /\bPort[= ]+(\d+)/i.exec(words)?.[1] ?? "22";
}

/** Tools that know most about a host first. */
const ORDER = ["deploy-rs", "colmena", "nixos-rebuild", "darwin-rebuild", "cachix-deploy"] as const;

function hostOf(group: readonly HostDraft[], used: Set<string>): Host {
  const sorted = [...group].sort(
    (a, b) => ORDER.indexOf(a.definition.tool) - ORDER.indexOf(b.definition.tool),
  );
  const [first] = sorted;
  const most = sorted.reduce(
    (best, each) => (each.effective.size > best.effective.size ? each : best),
    first ?? NO_DRAFT,
  );
  const configuration = sorted.find(each => each.configuration !== undefined)?.configuration;
  return {
    name: uniqueName(first?.name ?? "", first?.definition.entryPoint ?? "", used),
    tools: [...new Set(sorted.map(each => each.definition.tool))],
    hostname: firstKnown(sorted.map(each => each.hostname)),
    sshUser: firstKnown(sorted.map(each => each.sshUser)),
    sshOpts: firstKnown(sorted.map(each => each.sshOpts)),
    system: firstKnown(sorted.map(each => each.system)),
    buildsOnHost: sorted.flatMap(each => (each.buildsOnHost === true ? [each.definition.tool] : [])),
    tags: [...new Set(sorted.flatMap(each => each.tags))],
    profiles: sorted.flatMap(each => each.profiles),
    options: most.options,
    settings: most.settings,
    effective: most.effective,
    files: most.files,
    definitions: sorted.map(each => each.definition),
    configuration,
    why: [...new Set(sorted.flatMap(each => each.why))],
  };
}

const NO_DRAFT: Pick<HostDraft, "options" | "settings" | "effective" | "files"> = {
  options: [],
  settings: [],
  effective: new Map(),
  files: [],
};

function firstKnown<T>(fields: readonly (Field<T> | undefined)[]): Field<T> | undefined {
  return fields.find(field => field?.known === true) ?? fields.find(field => field !== undefined);
}

/** A name that is taken gets the folder of the entry point, and then a number. */
function uniqueName(name: string, entryPoint: string, used: Set<string>): string {
  const folder = entryPoint.split("/").at(-2) ?? "";
  let unique = used.has(name) && folder !== "" ? `${name} (${folder})` : name;
  for (let n = 2; used.has(unique); n++) unique = `${name} (${folder} ${n})`;
  used.add(unique);
  return unique;
}
