// A host together with the project that defines it, and how Nix is told which of its configurations is meant.

import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { UserError } from "../userError";

export interface DeployTarget {
  readonly host: HostSnapshot;
  /** What stands in the host's root folder. */
  readonly project: "flake" | "hive" | "configuration";
  /** The file: flake.nix, hive.nix or a configuration.nix. */
  readonly entryPoint: string;
}

const ORDER = ["flake", "hive", "configuration"] as const;

export function targetOf(host: HostSnapshot, fleet: Pick<FleetSnapshot, "entryPoints">): DeployTarget {
  const here = fleet.entryPoints.filter(entry => folderOf(entry.path) === host.root);
  for (const project of ORDER) {
    const entry = here.find(({ kind }) => kind === project);
    if (entry !== undefined) return { host, project, entryPoint: entry.path };
  }
  return { host, project: "configuration", entryPoint: host.path };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The name as one part of an attribute path in a flake reference: bare, or in quotes. */
export function flakeAttribute(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_'-]*$/.test(name)) return name;
  // `%` is decoded in fragments, `${` and `\` have a meaning in deploy-rs' quoted names
  if (name === "" || /["\\%#?]|\$\{|\p{Cc}/u.test(name)) {
    throw new UserError(t("The name {0} can't be written in a flake reference.", JSON.stringify(name)));
  }
  return `"${name}"`;
}

/** The flake reference of the host's configuration, relative to its root; undefined where none is known. */
export function configurationReference({ host, project }: DeployTarget): string | undefined {
  if (project !== "flake" || host.configuration === null) return undefined;
  const onlyColmena = host.tools.includes("colmena") && host.tools.length === 1;
  const output = onlyColmena ? "colmenaHive.nodes" : "nixosConfigurations";
  return `.#${output}.${flakeAttribute(host.configuration)}.config`;
}

/** The flake reference of the host's whole system, relative to its root; undefined where none is known. */
export function systemReference(target: DeployTarget): string | undefined {
  const configuration = configurationReference(target);
  return configuration === undefined ? undefined : `${configuration}.system.build.toplevel`;
}
