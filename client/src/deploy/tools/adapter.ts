// What a deploy tool is to us: a table of what it can do itself, its commands, and how to read its output.

import type { CopyProgram, ToolPaths } from "../../config";
import type { DeployTarget } from "../../configuration/project";
import type { Phase, Step } from "../step";

export const TOOL_IDS = ["deploy-rs", "colmena", "nixos-rebuild", "cachix-deploy", "direct"] as const;
export type ToolId = (typeof TOOL_IDS)[number];

export const ACTIONS = ["deploy", "boot", "dry-activate", "build", "rollback"] as const;
export type DeployAction = (typeof ACTIONS)[number];

/** What is the same for all hosts of a plan. */
export interface PlanContext {
  readonly tools: ToolPaths;
  readonly sshConfigFile: string | undefined;
  /** The user's own NIX_SSHOPTS. */
  readonly ownSshOptions: string | undefined;
  /** Which of the two generations of nixos-rebuild is installed. */
  readonly nixosRebuild: "bash" | "ng";
  /** Options that its help names; undefined where it tells none. */
  readonly nixosRebuildOptions: ReadonlySet<string> | undefined;
  /** Names of hosts that have said that their sudo wants a password. */
  readonly sudoAsks: ReadonlySet<string>;
  /** Which flakes the installed colmena reads: 0.4 the output `colmena`, newer ones `colmenaHive`. */
  readonly colmena: "0.4" | "newer";
  /** How long a host waits for the confirmation of a switch before it goes back; 0: without a guard. */
  readonly guardSeconds: number;
  /** Where systems are built: here (with the builders that Nix is set up for), on the host itself, or on `user@host`. */
  readonly buildOn: "here" | "target" | { readonly host: string };
  /** By which program systems are sent where we send them ourselves. */
  readonly copyWith: CopyProgram;
  /** Options that the installed deploy-rs has, as its help names them; undefined where it was not asked. */
  readonly deployRsOptions: ReadonlySet<string> | undefined;
  /** The Cachix cache that agents fetch from; undefined where none is set. */
  readonly cachixCache: string | undefined;
  /** Tools whose program was not found. */
  readonly missing: ReadonlySet<ToolId>;
}

export interface ToolAdapter {
  readonly id: ToolId;
  /**
   * own: the tool has a verb for it. plain: it is done with Nix and ssh, as the tool has none. none: it can't be done for a
   * host that the tool deploys.
   */
  readonly actions: Readonly<Record<DeployAction, "own" | "plain" | "none">>;
  /** own: it takes a switch of this host back that cuts the connection. none: the host is told to watch the switch. */
  guard(target: DeployTarget): "own" | "none";
  /** Whether it can deploy this host at all. */
  handles(target: DeployTarget): boolean;
  /** @throws UserError where the host cannot be deployed as asked */
  steps(target: DeployTarget, action: DeployAction, context: PlanContext): readonly Step[];
  /** The phase that a line of its output announces. */
  phaseOf(line: string): Phase | undefined;
  /** Why it failed, where a line says so in the tool's own words. */
  reasonOf?(line: string): string | undefined;
}
