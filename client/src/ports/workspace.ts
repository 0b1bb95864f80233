// What the client may know about the open workspace.

import type { Event } from "../events";

export interface WorkspaceFolder {
  readonly name: string;
  readonly path: string;
}

export interface Workspace {
  readonly folders: readonly WorkspaceFolder[];
  /** Processes and SSH wait for this. */
  readonly trusted: boolean;
  /** Folders or trust changed. */
  readonly onDidChange: Event<void>;
  /** Sets a key for `when` clauses in package.json. */
  setContext(key: ContextKey, value: string | boolean): void;
}

/** Every key that `when` clauses of package.json may use; the manifest test compares them. */
export const CONTEXT_KEYS = [
  "nixDeploy.fleet",
  "nixDeploy.hostsFiltered",
  "nixDeploy.nixMissing",
  "nixDeploy.deploying",
  // set by the views themselves
  "nixDeploy.hosts.empty",
  "nixDeploy.caches.empty",
  "nixDeploy.history.empty",
] as const;
export type ContextKey = (typeof CONTEXT_KEYS)[number];

/** Values of `nixDeploy.fleet`: why the views are as they are. */
export type FleetContext = "noFolder" | "loading" | "serverDown" | "noEntryPoint" | "ready";
