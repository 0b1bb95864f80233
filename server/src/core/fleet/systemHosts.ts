// nixosConfigurations and darwinConfigurations: each attribute that is a system is a host.

import type { Evaluation } from "../eval/evaluation";
import type { Kept } from "../eval/resting";
import type { AttrsValue, Lazy, Value } from "../eval/value";
import { generations, homes } from "../models/knownFlakes";
import type { System } from "../nixpkgs/nixosSystem";
import { systemName, systems, toplevels } from "../nixpkgs/nixosSystem";
import { packageSets } from "../nixpkgs/pkgs";
import type { Span } from "../text/span";
import { noteCertainErrors } from "./certainErrors";
import type { ActivationArgument, DeployTool, Field } from "./fleet";
import type { HostDraft } from "./hostDraft";
import type { HiveFields, ReadSystem } from "./parts";
import type { Reading } from "./reading";
import { readSystem, type SystemFacts } from "./systemFacts";

export const CONFIGURATION_OUTPUTS = ["nixosConfigurations", "darwinConfigurations"] as const;

/** What has to be known of a system before it counts as read. */
const ESSENTIAL = [
  "nix.settings.substituters",
  "nix.settings.trusted-public-keys",
  "nix.settings.trusted-users",
];

const NO_SYSTEM: ReadSystem = {
  facts: { options: [], settings: [], effective: new Map(), files: [], why: [] },
  platform: undefined,
  target: undefined,
  node: undefined,
};

/** What the reader of one name of a system does with it. */
export interface SystemWork {
  /** Done first. */
  readonly check: (system: System) => void;
  /** Done last. */
  readonly node?: (system: System) => HiveFields;
}

/** The systems of an entry point, and the names under which it has them. */
export class Systems {
  private readonly byConfiguration = new Map<object, readonly string[]>();
  private readonly known = new Map<object, Kept<ReadSystem>>();

  constructor(private readonly reading: Reading) {}

  name(system: System, attrPath: readonly string[]): void {
    if (!this.byConfiguration.has(system.configuration))
      this.byConfiguration.set(system.configuration, attrPath);
  }

  attrPathOf(system: System): readonly string[] | undefined {
    return this.byConfiguration.get(system.configuration);
  }

  /**
   * What a system says, under one of its names. Read once in an evaluation, and anew only when something that it rests on
   * has changed.
   */
  read(
    system: System | undefined,
    attrPath: readonly string[],
    at: Span,
    work: SystemWork | undefined,
  ): ReadSystem {
    if (system === undefined) return NO_SYSTEM;
    const { ctx } = this.reading;
    const known = this.known.get(system.configuration);
    if (known !== undefined && work === undefined) return ctx.recall(known);
    const read = this.reading.part(attrPath.join("\0"), () => {
      work?.check(system);
      const once = known === undefined ? this.readOnce(system, at) : ctx.recall(known);
      return { ...once, node: work?.node?.(system) };
    });
    if (known === undefined) this.known.set(system.configuration, ctx.kept(read));
    return read;
  }

  private readOnce(system: System, at: Span): Omit<ReadSystem, "node"> {
    return {
      facts: this.factsOf(system, at),
      platform: this.platformOf(system),
      target: this.targetOf(system),
    };
  }

  private factsOf(system: System, at: Span): SystemFacts {
    const facts = this.reading.ctx.speculate(() => readSystem(this.reading, system, at));
    for (const name of ESSENTIAL) {
      const datum = facts.effective.get(name);
      if (datum?.kind === "unknown") this.reading.note(`${name}: ${datum.reason}`);
    }
    return facts;
  }

  private platformOf(system: System): Field<string> | undefined {
    const { ctx } = this.reading;
    const value = ctx.speculate(() => {
      const own = systemName(ctx, { system: undefined }, system.configuration);
      if (own.kind === "string") return own;
      const set = packageSets.of(ctx.force(system.pkgs));
      return set === undefined ? own : ctx.force(set.system);
    });
    return this.textOf(value);
  }

  /** Its span is undefined where no file says it. */
  private textOf(value: Value): Field<string> | undefined {
    const field = this.reading.textOf(value, NOWHERE);
    return field?.span === NOWHERE ? { ...field, span: undefined } : field;
  }

  /** nixos-unified keeps in each machine's own configuration where its `activate` finds it. */
  private targetOf({ configuration }: System): Field<string> | undefined {
    const { ctx } = this.reading;
    const set = ctx.speculate(() => configuration.definitions()).at(["nixos-unified"]);
    if (!set.names.includes("sshTarget")) return undefined;
    const value = ctx.speculate(() => configuration.option(["nixos-unified", "sshTarget"]));
    return value === undefined || value.kind === "error" ? undefined : this.textOf(value);
  }

  /** What a value that is to be activated is. */
  argumentOf(lazy: Lazy): ActivationArgument {
    const { ctx } = this.reading;
    const value = ctx.attempt(lazy);
    const system = systemOfValue(ctx, value);
    if (system !== undefined) {
      const isConfig = value.kind === "attrs" && !value.attrs.has("config");
      return { kind: isConfig ? "config" : system.kind, configuration: this.attrPathOf(system)?.at(-1) };
    }
    const toplevel = toplevels.of(value);
    if (toplevel !== undefined) {
      const inside = systems.of(ctx.attempt(toplevel.config));
      const path = inside === undefined ? undefined : this.attrPathOf(inside);
      return { kind: "toplevel", configuration: path?.at(-1) };
    }
    if (homes.of(value) !== undefined) return { kind: "home-manager", configuration: undefined };
    if (generations.of(value) !== undefined) return { kind: "activationPackage", configuration: undefined };
    if (value.kind === "string") return { kind: "text", configuration: undefined };
    const known = value.kind !== "unknown" && value.kind !== "alternatives" && value.kind !== "error";
    const isOpen = value.kind === "attrs" && value.open !== undefined;
    return { kind: known && !isOpen ? "other" : "unknown", configuration: undefined };
  }
}

const NOWHERE: Span = { path: "", start: 0, end: 0 };

/** What a system says of itself, at `at` where no file says it. */
export function fieldAt(field: Field<string> | undefined, at: Span): Field<string> | undefined {
  return field === undefined || field.span !== undefined ? field : { ...field, span: at };
}

/** The system behind a configuration, however it was changed since as long as its `config` is the same. */
export function systemOfValue(ctx: Evaluation, value: Value): System | undefined {
  const known = systems.of(value);
  if (known !== undefined || value.kind !== "attrs") return known;
  const config = value.attrs.get("config");
  return config === undefined ? undefined : systems.of(ctx.attempt(config.value));
}

/** The hosts of one such output. Names are given first, so that nodes find the configuration they deploy. */
export function configurationHosts(
  reading: Reading,
  all: Systems,
  output: (typeof CONFIGURATION_OUTPUTS)[number],
  set: AttrsValue,
): HostDraft[] {
  const tool: DeployTool = output === "nixosConfigurations" ? "nixos-rebuild" : "darwin-rebuild";
  if (set.open !== undefined) reading.note(`${output}: ${set.open}`);
  return [...set.attrs].flatMap(([name, attr]) => {
    const place = { tool, attrPath: [output, name], nameSpan: reading.place(attr.nameSpan) };
    return reading.ctx.apart(() => configurationHost(reading, all, place, attr.value));
  });
}

interface Place {
  readonly tool: DeployTool;
  readonly attrPath: readonly string[];
  readonly nameSpan: Span;
}

function configurationHost(reading: Reading, all: Systems, place: Place, lazy: Lazy): HostDraft[] {
  const { attrPath, nameSpan } = place;
  const value = reading.value(lazy);
  const system = systemOfValue(reading.ctx, value);
  if (value.kind === "error") reading.problem(value, attrPath, nameSpan);
  else if (system === undefined) {
    if (value.kind === "attrs" && value.open === undefined && !value.attrs.has("config")) return [];
    reading.note(`${attrPath.join(".")}: ${value.kind === "unknown" ? value.reason : "not a known system"}`);
  } else all.name(system, attrPath);
  const read = all.read(system, attrPath, nameSpan, {
    check: known => noteModules(reading, known, attrPath, nameSpan),
  });
  return [configurationDraft(reading, place, lazy, read)];
}

/** Errors in the modules of a system, which Nix meets before anything else. */
export function noteModules(reading: Reading, system: System, attrPath: readonly string[], at: Span): void {
  const { unknown, errors } = reading.ctx.speculate(() => system.configuration.loaded());
  for (const error of errors) reading.problem(error, attrPath, at);
  for (const why of unknown) reading.note(`${attrPath.join(".")}: ${why}`);
  if (errors.length === 0) noteCertainErrors(reading, system, attrPath, at);
}

function configurationDraft(reading: Reading, place: Place, lazy: Lazy, read: ReadSystem): HostDraft {
  const { tool, attrPath, nameSpan } = place;
  return {
    name: attrPath.at(-1) ?? "",
    definition: {
      tool,
      attrPath,
      entryPoint: reading.path,
      nameSpan,
      value: { kind: "unknown", span: nameSpan, reason: "a whole configuration" },
    },
    ...addressIn(fieldAt(read.target, nameSpan)),
    system: fieldAt(read.platform, nameSpan) ?? unknownSystem(reading, lazy, nameSpan),
    tags: [],
    profiles: [],
    ...read.facts,
    configuration: { entryPoint: reading.path, attrPath },
  };
}

/** `user@host` or `host` in its parts, each where the whole was typed. */
function addressIn(target: Field<string> | undefined): Pick<HostDraft, "hostname" | "sshUser"> {
  if (target?.known !== true) return { hostname: target, sshUser: undefined };
  const at = target.value.lastIndexOf("@");
  const sshUser = at === -1 ? undefined : { ...target, value: target.value.slice(0, at) };
  return { hostname: { ...target, value: target.value.slice(at + 1) }, sshUser };
}

function unknownSystem(reading: Reading, lazy: Lazy, span: Span): Field<string> {
  const value = reading.value(lazy);
  const reason = value.kind === "unknown" ? value.reason : "the configuration is not readable";
  return { known: false, reason, span };
}
