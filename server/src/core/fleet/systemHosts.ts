// nixosConfigurations and darwinConfigurations: each attribute that is a system is a host.

import type { Evaluation } from "../eval/evaluation";
import type { AttrsValue, Lazy, Value } from "../eval/value";
import { homes } from "../models/knownFlakes";
import type { System } from "../nixpkgs/nixosSystem";
import { systemName, systems, toplevels } from "../nixpkgs/nixosSystem";
import { packageSets } from "../nixpkgs/pkgs";
import type { Span } from "../text/span";
import { noteCertainErrors } from "./certainErrors";
import type { ActivationArgument, DeployTool, Field } from "./fleet";
import type { HostDraft } from "./hostDraft";
import type { Reading } from "./reading";
import { readSystem, type SystemFacts } from "./systemFacts";

export const CONFIGURATION_OUTPUTS = ["nixosConfigurations", "darwinConfigurations"] as const;

/** What has to be known of a system before it counts as read. */
const ESSENTIAL = [
  "nix.settings.substituters",
  "nix.settings.trusted-public-keys",
  "nix.settings.trusted-users",
];

const NO_FACTS: SystemFacts = { options: [], settings: [], effective: new Map(), files: [], why: [] };

/** The systems of an entry point, and the names under which it has them. */
export class Systems {
  private readonly byConfiguration = new Map<object, readonly string[]>();
  private readonly facts = new Map<object, SystemFacts>();

  constructor(private readonly reading: Reading) {}

  name(system: System, attrPath: readonly string[]): void {
    if (!this.byConfiguration.has(system.configuration))
      this.byConfiguration.set(system.configuration, attrPath);
  }

  attrPathOf(system: System): readonly string[] | undefined {
    return this.byConfiguration.get(system.configuration);
  }

  factsOf(system: System | undefined, at: Span): SystemFacts {
    if (system === undefined) return NO_FACTS;
    const known = this.facts.get(system.configuration);
    if (known !== undefined) return known;
    const facts = this.reading.ctx.speculate(() => readSystem(this.reading, system, at));
    this.facts.set(system.configuration, facts);
    for (const name of ESSENTIAL) {
      const datum = facts.effective.get(name);
      if (datum?.kind === "unknown") this.reading.note(`${name}: ${datum.reason}`);
    }
    return facts;
  }

  platformOf(system: System | undefined, at: Span): Field<string> | undefined {
    if (system === undefined) return undefined;
    const { ctx } = this.reading;
    const value = ctx.speculate(() => {
      const own = systemName(ctx, { system: undefined }, system.configuration);
      if (own.kind === "string") return own;
      const set = packageSets.of(ctx.force(system.pkgs));
      return set === undefined ? own : ctx.force(set.system);
    });
    return this.reading.textOf(value, at);
  }

  /** What a value that is to be activated is. */
  argumentOf(lazy: Lazy): ActivationArgument {
    const { ctx } = this.reading;
    const value = ctx.attempt(lazy);
    const system = systemOfValue(ctx, value);
    if (system !== undefined) return { kind: system.kind, configuration: this.attrPathOf(system)?.at(-1) };
    const toplevel = toplevels.of(value);
    if (toplevel !== undefined) {
      const inside = systems.of(ctx.attempt(toplevel.config));
      const path = inside === undefined ? undefined : this.attrPathOf(inside);
      return { kind: "toplevel", configuration: path?.at(-1) };
    }
    if (homes.of(value) !== undefined) return { kind: "home-manager", configuration: undefined };
    if (value.kind === "string") return { kind: "text", configuration: undefined };
    const known = value.kind !== "unknown" && value.kind !== "alternatives" && value.kind !== "error";
    const isOpen = value.kind === "attrs" && value.open !== undefined;
    return { kind: known && !isOpen ? "other" : "unknown", configuration: undefined };
  }
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
  return [...set.attrs].flatMap(([name, attr]): HostDraft[] => {
    const attrPath = [output, name];
    const nameSpan = reading.place(attr.nameSpan);
    const value = reading.value(attr.value);
    const system = systemOfValue(reading.ctx, value);
    if (value.kind === "error") reading.problem(value, attrPath, nameSpan);
    else if (system === undefined) {
      if (value.kind === "attrs" && value.open === undefined && !value.attrs.has("config")) return [];
      reading.note(
        `${attrPath.join(".")}: ${value.kind === "unknown" ? value.reason : "not a known system"}`,
      );
    } else {
      all.name(system, attrPath);
      noteModules(reading, system, attrPath, nameSpan);
    }
    return [configurationDraft(reading, all, { tool, attrPath, nameSpan }, attr.value, system)];
  });
}

/** Errors in the modules of a system, which Nix meets before anything else. */
export function noteModules(reading: Reading, system: System, attrPath: readonly string[], at: Span): void {
  const { unknown, errors } = reading.ctx.speculate(() => system.configuration.loaded());
  for (const error of errors) reading.problem(error, attrPath, at);
  for (const why of unknown) reading.note(`${attrPath.join(".")}: ${why}`);
  if (errors.length === 0) noteCertainErrors(reading, system, attrPath, at);
}

function configurationDraft(
  reading: Reading,
  all: Systems,
  place: { readonly tool: DeployTool; readonly attrPath: readonly string[]; readonly nameSpan: Span },
  lazy: Lazy,
  system: System | undefined,
): HostDraft {
  const { tool, attrPath, nameSpan } = place;
  const facts = all.factsOf(system, nameSpan);
  return {
    name: attrPath.at(-1) ?? "",
    definition: {
      tool,
      attrPath,
      entryPoint: reading.path,
      nameSpan,
      value: { kind: "unknown", span: nameSpan, reason: "a whole configuration" },
    },
    hostname: undefined,
    sshUser: undefined,
    system: all.platformOf(system, nameSpan) ?? unknownSystem(reading, lazy, nameSpan),
    tags: [],
    profiles: [],
    options: facts.options,
    settings: facts.settings,
    effective: facts.effective,
    files: facts.files,
    configuration: { entryPoint: reading.path, attrPath },
    why: facts.why,
  };
}

function unknownSystem(reading: Reading, lazy: Lazy, span: Span): Field<string> {
  const value = reading.value(lazy);
  const reason = value.kind === "unknown" ? value.reason : "the configuration is not readable";
  return { known: false, reason, span };
}
