// A host together with the project that defines it: what a tool adapter needs to know to write its commands.

import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { UserError } from "../userError";
import { flakeAttribute, sshDestination } from "./hostName";

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

/** The host's address; its name where no tool gives one, because ssh configurations know hosts by name. */
export function addressOf(host: HostSnapshot): string | undefined {
  if (host.hostname !== null) return host.hostname;
  return host.unknown.includes("hostname") ? undefined : host.name;
}

/** Where ssh connects to, or undefined where the address cannot be known by reading. */
export function destinationOf(host: HostSnapshot): string | undefined {
  const address = addressOf(host);
  return address === undefined ? undefined : sshDestination(host.sshUser, address);
}

export function requireDestination(host: HostSnapshot): string {
  const destination = destinationOf(host);
  if (destination === undefined) {
    throw new UserError(t("The address of {0} can't be known by reading its configuration.", host.name));
  }
  return destination;
}

/** The flake reference of the host's whole system, relative to its root; undefined where none is known. */
export function systemReference(target: DeployTarget): string | undefined {
  const { host, project } = target;
  if (project !== "flake" || host.configuration === null) return undefined;
  const onlyColmena = host.tools.includes("colmena") && host.tools.length === 1;
  const output = onlyColmena ? "colmenaHive.nodes" : "nixosConfigurations";
  return `.#${output}.${flakeAttribute(host.configuration)}.config.system.build.toplevel`;
}
