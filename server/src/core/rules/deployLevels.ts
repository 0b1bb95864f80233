// The settings of deploy-rs as rules judge them: the sets of all three levels, each where it was typed.

import type { AttrDatum, AttrsDatum, Datum } from "../eval/datum";
import type { Fleet, Host, HostDefinition, Profile } from "../fleet/fleet";
import type { DeployLevel } from "../knowledge/deployRs";
import { type Span, sameSpan } from "../text/span";

/** One set of settings. */
export interface DeploySettings {
  readonly level: DeployLevel;
  readonly set: AttrsDatum;
  /** The node's, profile's or output's name. */
  readonly nameSpan: Span;
}

/** A node of deploy-rs with the host that it is. */
export interface DeployNode {
  readonly host: Host;
  readonly definition: HostDefinition;
  /** The node's name in `deploy.nodes`. */
  readonly name: string;
  /** Undefined where the node is no set that is known. */
  readonly set: AttrsDatum | undefined;
}

/** Every node of deploy-rs in the fleet. */
export function deployNodes(fleet: Fleet): readonly DeployNode[] {
  return fleet.hosts.flatMap(host =>
    host.definitions
      .filter(definition => definition.tool === "deploy-rs")
      .map(definition => ({
        host,
        definition,
        name: definition.attrPath.at(-1) ?? "",
        set: setOf(definition.value),
      })),
  );
}

/** Every set of deploy-rs' settings: outputs, nodes and profiles. */
export function deploySettings(fleet: Fleet): readonly DeploySettings[] {
  const outputs = fleet.deployOutputs
    .filter(output => output.kind === "deploy")
    .flatMap(output => settings("deploy", output.value, output.nameSpan));
  const inner = deployNodes(fleet).flatMap(({ set, definition }) => {
    if (set === undefined) return [];
    const profiles = entriesOfSet(set.entries.get("profiles")?.value);
    return [
      { level: "node" as const, set, nameSpan: definition.nameSpan },
      ...profiles.flatMap(([, each]) => settings("profile", each.value, each.nameSpan)),
    ];
  });
  return [...outputs, ...inner];
}

/** What each level says about a setting, the innermost first: profile, node, output. */
export function settingAtLevels(
  fleet: Fleet,
  node: DeployNode,
  profile: Profile,
  name: string,
): readonly (AttrDatum | "unknown")[] {
  const { entryPoint } = node.definition;
  const output = fleet.deployOutputs.find(
    each => each.kind === "deploy" && each.entryPoint === entryPoint,
  )?.value;
  return [profile.value, node.definition.value, output].flatMap((datum): (AttrDatum | "unknown")[] => {
    const set = datum === undefined ? undefined : setOf(datum);
    const attr = set?.entries.get(name);
    if (attr !== undefined) return [attr];
    return set?.complete === true ? [] : ["unknown"];
  });
}

/** The NixOS configuration of that name in a flake. */
export function configurationNamed(fleet: Fleet, entryPoint: string, name: string): Host | undefined {
  return fleet.hosts.find(
    ({ configuration }) =>
      configuration?.entryPoint === entryPoint &&
      configuration.attrPath[0] === "nixosConfigurations" &&
      configuration.attrPath[1] === name,
  );
}

/** The hosts with a profile whose path stands there: several where a function makes their nodes. */
export function hostsActivatedAt(nodes: readonly DeployNode[], span: Span): readonly Host[] {
  return nodes
    .map(({ host }) => host)
    .filter(({ profiles }) =>
      profiles.some(({ activation }) => activation !== undefined && sameSpan(activation.span, span)),
    );
}

export function setOf(datum: Datum | undefined): AttrsDatum | undefined {
  return datum?.kind === "attrs" ? datum : undefined;
}

function entriesOfSet(datum: Datum | undefined): readonly (readonly [string, AttrDatum])[] {
  return datum?.kind === "attrs" ? [...datum.entries] : [];
}

function settings(level: DeployLevel, datum: Datum, nameSpan: Span): DeploySettings[] {
  const set = setOf(datum);
  return set === undefined ? [] : [{ level, set, nameSpan }];
}
