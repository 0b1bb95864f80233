// The `deploy` output of deploy-rs: nodes and their profiles, each with the settings of the levels above it.

import type { AttrsValue, Lazy, Value } from "../eval/value";
import { activations } from "../models/activation";
import type { System } from "../nixpkgs/nixosSystem";
import type { Span } from "../text/span";
import type { ConfigurationReference, DeployOutput, Field, Profile, ProfileActivation } from "./fleet";
import type { HostDraft } from "./hostDraft";
import type { Reading } from "./reading";
import { fieldAt, type Systems, systemOfValue } from "./systemHosts";

/** Sets of settings from the innermost level outwards. */
type Levels = readonly AttrsValue[];

export function deployOutput(reading: Reading, set: AttrsValue, nameSpan: Span): DeployOutput {
  return { kind: "deploy", entryPoint: reading.path, value: reading.datum(set, nameSpan), nameSpan };
}

export function deployHosts(reading: Reading, all: Systems, deploy: AttrsValue): HostDraft[] {
  const nodes = deploy.attrs.get("nodes");
  const set = nodes === undefined ? undefined : reading.value(nodes.value);
  if (set?.kind === "error") reading.problem(set, ["deploy", "nodes"], reading.place(nodes?.span));
  if (set?.kind !== "attrs") {
    if (nodes === undefined && deploy.open === undefined) return [];
    reading.note(`deploy.nodes: ${whyUnknown(set)}`);
    return [];
  }
  if (set.open !== undefined) reading.note(`deploy.nodes: ${set.open}`);
  return [...set.attrs].map(([name, attr]) => {
    const nameSpan = reading.place(attr.nameSpan);
    return reading.ctx.apart(() => nodeDraft(reading, all, deploy, name, attr.value, nameSpan));
  });
}

function whyUnknown(value: Value | undefined): string {
  if (value === undefined) return "not there";
  return value.kind === "unknown" ? value.reason : value.kind === "error" ? value.message : "not a set";
}

function nodeDraft(
  reading: Reading,
  all: Systems,
  deploy: AttrsValue,
  name: string,
  lazy: Lazy,
  nameSpan: Span,
): HostDraft {
  const attrPath = ["deploy", "nodes", name];
  const node = reading.value(lazy);
  if (node.kind === "error") reading.problem(node, attrPath, nameSpan);
  else if (node.kind !== "attrs") reading.note(`${attrPath.join(".")}: ${whyUnknown(node)}`);
  const levels: Levels = node.kind === "attrs" ? [node, deploy] : [deploy];
  const profiles = node.kind === "attrs" ? profilesOf(reading, all, levels, node, attrPath, nameSpan) : [];
  const system = profiles.map(each => each.system).find(each => each !== undefined);
  const read = all.read(system, attrPath, nameSpan, undefined);
  const hostname = node.kind === "attrs" ? node.attrs.get("hostname") : undefined;
  if (hostname !== undefined)
    failing(reading, hostname.value, [...attrPath, "hostname"], reading.place(hostname.span, nameSpan));
  return {
    name,
    definition: {
      tool: "deploy-rs",
      attrPath,
      entryPoint: reading.path,
      nameSpan,
      value: reading.datum(lazy, nameSpan),
    },
    hostname:
      reading.text(hostname?.value, reading.place(hostname?.span, nameSpan)) ??
      absent(node, "hostname", nameSpan),
    sshUser:
      profiles.map(each => each.profile.sshUser).find(each => each !== undefined) ??
      inherited(reading, levels, "sshUser", nameSpan),
    sshOpts:
      (profiles.find(each => each.system !== undefined) ?? profiles[0])?.sshOpts ??
      appended(reading, levels, "sshOpts", nameSpan),
    system:
      fieldAt(read.platform, nameSpan) ??
      profiles.map(each => platformOf(each.profile)).find(each => each !== undefined),
    buildsOnHost: profiles.some(each => each.buildsOnHost),
    tags: [],
    profiles: profiles.map(each => each.profile),
    ...read.facts,
    configuration: referenceOf(reading, all, system),
  };
}

/** The library of a system is the target's. */
function platformOf(profile: Profile): Field<string> | undefined {
  const system = profile.activation?.system;
  return system === undefined
    ? undefined
    : { known: true, value: system, span: profile.activation?.span, tier: "read" };
}

function referenceOf(
  reading: Reading,
  all: Systems,
  system: System | undefined,
): ConfigurationReference | undefined {
  const attrPath = system === undefined ? undefined : all.attrPathOf(system);
  return attrPath === undefined ? undefined : { entryPoint: reading.path, attrPath };
}

function absent(node: Value, name: string, span: Span): Field<string> | undefined {
  if (node.kind === "attrs" && node.open === undefined) return undefined;
  return {
    known: false,
    reason: node.kind === "attrs" ? (node.open ?? "") : `${name}: ${whyUnknown(node)}`,
    span,
  };
}

/** Nix raises an error in what deploy-rs certainly evaluates. */
function failing(reading: Reading, lazy: Lazy, attrPath: readonly string[], at: Span): void {
  const value = reading.value(lazy);
  if (value.kind === "error") reading.problem(value, attrPath, at);
  else if (value.kind === "unknown") reading.note(`${attrPath.join(".")}: ${value.reason}`);
}

interface ReadProfile {
  readonly profile: Profile;
  readonly sshOpts: Field<readonly string[]> | undefined;
  readonly buildsOnHost: boolean;
  readonly system: System | undefined;
}

function profilesOf(
  reading: Reading,
  all: Systems,
  levels: Levels,
  node: AttrsValue,
  attrPath: readonly string[],
  nameSpan: Span,
): ReadProfile[] {
  const attr = node.attrs.get("profiles");
  const set = attr === undefined ? undefined : reading.value(attr.value);
  if (set?.kind === "error") reading.problem(set, [...attrPath, "profiles"], nameSpan);
  if (set?.kind !== "attrs") {
    if (attr !== undefined) reading.note(`${attrPath.join(".")}.profiles: ${whyUnknown(set)}`);
    return [];
  }
  if (set.open !== undefined) reading.note(`${attrPath.join(".")}.profiles: ${set.open}`);
  return [...set.attrs].map(([name, each]) =>
    profileOf(
      reading,
      all,
      levels,
      [...attrPath, "profiles", name],
      each.value,
      reading.place(each.nameSpan, nameSpan),
    ),
  );
}

function profileOf(
  reading: Reading,
  all: Systems,
  outer: Levels,
  attrPath: readonly string[],
  lazy: Lazy,
  span: Span,
): ReadProfile {
  const value = reading.value(lazy);
  if (value.kind === "error") reading.problem(value, attrPath, span);
  const levels = value.kind === "attrs" ? [value, ...outer] : outer;
  const sshUser = inherited(reading, levels, "sshUser", span);
  const path = value.kind === "attrs" ? value.attrs.get("path") : undefined;
  const read =
    path === undefined
      ? undefined
      : activationOf(reading, all, path.value, [...attrPath, "path"], reading.place(path.span, span));
  return {
    profile: {
      name: attrPath.at(-1) ?? "",
      user: inherited(reading, levels, "user", span) ?? sshUser,
      sshUser,
      ...(switchOf(reading, levels, "interactiveSudo") === true ? { interactiveSudo: true } : {}),
      ...(switchOf(reading, levels, "magicRollback") === false ? { magicRollback: false } : {}),
      span,
      value: reading.datum(lazy, span),
      activation: read?.activation,
    },
    sshOpts: appended(reading, levels, "sshOpts", span),
    buildsOnHost: switchOf(reading, levels, "remoteBuild") === true,
    system: read?.system,
  };
}

/** The first level that sets it to something other than null. */
function inherited(reading: Reading, levels: Levels, name: string, span: Span): Field<string> | undefined {
  for (const level of levels) {
    const attr = level.attrs.get(name);
    if (attr === undefined && level.open !== undefined) return { known: false, reason: level.open, span };
    const field = reading.text(attr?.value, reading.place(attr?.span, span));
    if (field !== undefined) return field;
  }
  return undefined;
}

/** What the first level that sets it says; undefined where none does, and where that is not known. */
function switchOf(reading: Reading, levels: Levels, name: string): boolean | undefined {
  for (const level of levels) {
    const attr = level.attrs.get(name);
    if (attr === undefined && level.open !== undefined) return undefined;
    const value = attr === undefined ? undefined : reading.value(attr.value);
    if (value !== undefined && value.kind !== "null") return value.kind === "bool" ? value.value : undefined;
  }
  return undefined;
}

/** The lists of all levels in a row, the innermost first. */
function appended(
  reading: Reading,
  levels: Levels,
  name: string,
  span: Span,
): Field<readonly string[]> | undefined {
  const value: string[] = [];
  let at: Span | undefined;
  for (const level of levels) {
    const attr = level.attrs.get(name);
    if (attr === undefined) {
      if (level.open !== undefined) return { known: false, reason: level.open, span };
      continue;
    }
    const field = reading.textList(attr.value, reading.place(attr.span, span));
    if (field?.known === false) return field;
    value.push(...(field?.value ?? []));
    at ??= field?.span;
  }
  return at === undefined ? undefined : { known: true, value, span: at, tier: "read" };
}

function activationOf(
  reading: Reading,
  all: Systems,
  lazy: Lazy,
  attrPath: readonly string[],
  at: Span,
): { readonly activation: ProfileActivation; readonly system: System | undefined } {
  const { ctx } = reading;
  const value = ctx.attempt(lazy);
  if (value.kind === "error") reading.problem(value, attrPath, at);
  const known = activations.of(value);
  const inner = known === undefined ? value : ctx.attempt(known.argument);
  if (known !== undefined && inner.kind === "error") reading.problem(inner, attrPath, at);
  const argument = all.argumentOf(inner);
  const isBare = known === undefined && argument.kind !== "unknown";
  return {
    activation: {
      kind: known?.kind ?? (isBare ? "bare" : "unknown"),
      system: known?.system,
      argument,
      // A bare value may have been made anywhere; it is here that it lacks its wrapping.
      span: isBare ? at : reading.place(known?.site ?? value.span, at),
    },
    system: systemOfValue(ctx, inner),
  };
}
