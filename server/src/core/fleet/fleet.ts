// The fleet model: every host, cache and key that the workspace's entry points define, joined over tools.
// Each field is a Field: a value with where it was typed and which tier of truth it comes from.

import type { Datum } from "../eval/datum";
import type { OptionFact, SettingFact } from "../facts/facts";
import type { Span } from "../text/span";

/** read: our partial evaluator. evaluated: real Nix. observed: asked of the host. A later tier refines an earlier. */
export type Tier = "read" | "evaluated" | "observed";

export type Field<T> = KnownField<T> | UnknownField;

export interface KnownField<T> {
  readonly known: true;
  readonly value: T;
  readonly span: Span | undefined;
  readonly tier: Tier;
}

/** Not knowable by reading; `reason` is for people ("comes from pkgs"). */
export interface UnknownField {
  readonly known: false;
  readonly reason: string;
  readonly span: Span | undefined;
}

export type DeployTool = "deploy-rs" | "colmena" | "nixos-rebuild" | "darwin-rebuild" | "cachix-deploy";

/** One machine, whichever tools know it. */
export interface Host {
  /** Unique in the fleet. */
  readonly name: string;
  readonly tools: readonly DeployTool[];
  /** The name or address to connect to; absent where no tool gives one. */
  readonly hostname: Field<string> | undefined;
  readonly sshUser: Field<string> | undefined;
  readonly system: Field<string> | undefined;
  readonly tags: readonly string[];
  readonly profiles: readonly Profile[];
  /** The definitions of all NixOS options we care for, after the module system, each still where it was typed. */
  readonly options: readonly OptionFact[];
  /** The Nix settings of this host, from every surface. */
  readonly settings: readonly SettingFact[];
  /** Effective values after merging, by option path joined with dots ("nix.settings.substituters"). */
  readonly effective: ReadonlyMap<string, Datum>;
  /** The deploy node, hive member and configuration that make this host, each where it is defined. */
  readonly definitions: readonly HostDefinition[];
}

export interface HostDefinition {
  readonly tool: DeployTool;
  /** The attribute path in its entry point: ["deploy", "nodes", "prod"]. */
  readonly attrPath: readonly string[];
  readonly entryPoint: string;
  readonly nameSpan: Span;
  readonly value: Datum;
}

export interface Profile {
  readonly name: string;
  readonly user: Field<string> | undefined;
  readonly sshUser: Field<string> | undefined;
  readonly span: Span;
  readonly value: Datum;
}

export type EntryPointKind = "flake" | "hive" | "configuration" | "nix.conf" | "cachix-deploy";

export interface EntryPoint {
  readonly path: string;
  readonly kind: EntryPointKind;
  /** Every host and every field of it is known. */
  readonly complete: boolean;
  /** Why not, each one line. */
  readonly why: readonly string[];
}

export interface Fleet {
  readonly hosts: readonly Host[];
  readonly entryPoints: readonly EntryPoint[];
}

export const EMPTY_FLEET: Fleet = { hosts: [], entryPoints: [] };
