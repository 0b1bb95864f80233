// The fleet model: every host, cache and key that the workspace's entry points define, joined over tools.
// Each field is a Field: a value with where it was typed and which tier of truth it comes from.

import type { Datum } from "../eval/datum";
import type { ErrorKind, ErrorSubject } from "../eval/value";
import type { FileFacts, OptionFact, SettingFact } from "../facts/facts";
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
  /** Further arguments for ssh: `sshOpts` of deploy-rs, colmena's `targetPort` as `-p`. */
  readonly sshOpts?: Field<readonly string[]> | undefined;
  readonly system: Field<string> | undefined;
  /** The tools that are told to build on the host itself: deploy-rs' `remoteBuild`, colmena's `buildOnTarget`. */
  readonly buildsOnHost?: readonly DeployTool[];
  readonly tags: readonly string[];
  readonly profiles: readonly Profile[];
  /** The definitions of all NixOS options we care for, after the module system, each still where it was typed. */
  readonly options: readonly OptionFact[];
  /** The Nix settings of this host, from every surface. */
  readonly settings: readonly SettingFact[];
  /** Effective values after merging, by option path joined with dots ("nix.settings.substituters"). */
  readonly effective: ReadonlyMap<string, Datum>;
  /** What real Nix or the host itself said about its settings; absent where nobody was asked. */
  readonly told?: readonly ToldSetting[];
  /** The files of the modules that make this host, as far as they are in the workspace. */
  readonly files: readonly string[];
  /** The deploy node, hive member and configuration that make this host, each where it is defined. */
  readonly definitions: readonly HostDefinition[];
  /** The nixosConfigurations (or hive, or darwinConfigurations) attribute that is this host's system. */
  readonly configuration: ConfigurationReference | undefined;
  /** What could not be read about this host: why, one line each. */
  readonly why: readonly string[];
}

/** The effective value of a Nix setting by a later tier than reading. */
export interface ToldSetting {
  /** By its current name: "trusted-public-keys". */
  readonly name: string;
  readonly value: string | readonly string[];
  readonly tier: Exclude<Tier, "read">;
}

export interface ConfigurationReference {
  readonly entryPoint: string;
  /** ["nixosConfigurations", "web"] */
  readonly attrPath: readonly string[];
}

export interface HostDefinition {
  readonly tool: DeployTool;
  /** The attribute path in its entry point: ["deploy", "nodes", "prod"]. */
  readonly attrPath: readonly string[];
  readonly entryPoint: string;
  readonly nameSpan: Span;
  readonly value: Datum;
}

/** What a deploy-rs profile's `path` is made of. */
export interface ProfileActivation {
  /** `activate.KIND`; "bare" where the path is no call of deploy-rs' library; "unknown" where that cannot be told. */
  readonly kind: "nixos" | "home-manager" | "darwin" | "custom" | "noop" | "setActivate" | "bare" | "unknown";
  /** `deploy-rs.lib.<system>`, where it came that way. */
  readonly system: string | undefined;
  /** What was wrapped, or what the bare path is. */
  readonly argument: ActivationArgument;
  /** Where the path stands. */
  readonly span: Span;
}

export interface ActivationArgument {
  /** A whole configuration, its `config`, what it builds, a text (a store path), something else; or not known. */
  readonly kind:
    | "nixos"
    | "darwin"
    | "home-manager"
    | "config"
    | "toplevel"
    | "activationPackage"
    | "text"
    | "other"
    | "unknown";
  /** The name under which the same entry point has that configuration. */
  readonly configuration: string | undefined;
}

export interface Profile {
  readonly name: string;
  /** Absent where the profile is known to have no path. */
  readonly activation: ProfileActivation | undefined;
  readonly user: Field<string> | undefined;
  readonly sshUser: Field<string> | undefined;
  /** It asks for the password of sudo; absent where that is not known or not so. */
  readonly interactiveSudo?: boolean;
  /** false: a switch that nobody confirms stays; absent where that is not known or not so. */
  readonly magicRollback?: boolean;
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

/** An error that Nix would certainly raise on the way to something that is deployed. */
export interface EvaluationProblem {
  readonly kind: ErrorKind | "missing-module-argument";
  /** In Nix's words, without "error: ". */
  readonly message: string;
  readonly span: Span;
  /** Calls and selections on the way, innermost first. */
  readonly trace: readonly Span[];
  /** The name it is about, and what there is instead. */
  readonly subject: ErrorSubject | undefined;
  readonly entryPoint: string;
  /** What cannot be deployed because of it: ["deploy", "nodes", "prod"]. */
  readonly attrPath: readonly string[];
}

/** The `deploy` output of a flake, or the `meta` of a hive, as it is written. */
export interface DeployOutput {
  readonly kind: "deploy" | "meta";
  readonly entryPoint: string;
  readonly value: Datum;
  readonly nameSpan: Span;
  /** The hive, where it says nothing of itself. */
  readonly missingIn?: Span;
}

/** An output that a flake has. */
export interface FlakeOutputs {
  readonly entryPoint: string;
  readonly names: ReadonlyMap<string, Span>;
  /** The flake has no others. */
  readonly complete: boolean;
  /** What `checks.SYSTEM` of deploy-rs' `deployChecks` builds: names of nodes. */
  readonly deployChecks: readonly {
    readonly system: string;
    readonly nodes: readonly string[];
    /** The call of `deployChecks`. */
    readonly span: Span;
  }[];
}

/** What a flake's `nixConfig` sets for whoever uses the flake: the settings of no host, but of its entry point. */
export interface NixConfig {
  readonly entryPoint: string;
  readonly facts: FileFacts;
}

export interface Fleet {
  readonly hosts: readonly Host[];
  readonly entryPoints: readonly EntryPoint[];
  readonly problems: readonly EvaluationProblem[];
  readonly deployOutputs: readonly DeployOutput[];
  readonly flakeOutputs: readonly FlakeOutputs[];
  readonly nixConfigs: readonly NixConfig[];
}

export const EMPTY_FLEET: Fleet = {
  hosts: [],
  entryPoints: [],
  problems: [],
  deployOutputs: [],
  flakeOutputs: [],
  nixConfigs: [],
};
