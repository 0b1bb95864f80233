// What refers to a host at the cursor: its definition, a selection of its configuration, its name or its address.

import type { Analysis } from "../analysis";
import { knownText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";
import type { Cursor } from "./cursor";

/** The outputs of flakes that hold configurations of hosts. */
export const CONFIGURATIONS = new Set(["nixosConfigurations", "darwinConfigurations", "homeConfigurations"]);

/** The hosts that are defined at an offset; many where they are made in one expression. */
export function hostsAt(
  analysis: Analysis,
  path: string,
  offset: number,
): { readonly host: Host; readonly span: Span }[] {
  return analysis.fleet().hosts.flatMap(host => {
    const definition = host.definitions.find(
      ({ nameSpan }) => nameSpan.path === path && nameSpan.start <= offset && offset <= nameSpan.end,
    );
    return definition === undefined ? [] : [{ host, span: definition.nameSpan }];
  });
}

export interface HostReference {
  readonly host: Host;
  readonly place: { readonly start: number; readonly end: number };
}

/** The host that a selection such as `self.nixosConfigurations.web`, an address or a host name refers to. */
export function hostAtCursor(analysis: Analysis, { spot, path }: Cursor): HostReference | undefined {
  const found = (host: Host | undefined, { start, end }: HostReference["place"]) =>
    host === undefined ? undefined : { host, place: { start, end } };
  switch (spot.kind) {
    case "select":
      return found(hostOfSelection(analysis, spot.selected), spot.name);
    case "name": {
      const [set, name = ""] = path.slice(-2);
      return set === "knownHosts" ? found(hostByAddress(analysis, name), spot.name) : undefined;
    }
    case "string": {
      const text = spot.expr.parts.map(part => (part.kind === "text" ? part.value : "*")).join("");
      const option = path.at(-1) ?? "";
      if (ADDRESS_OPTIONS.has(option)) return found(hostByAddress(analysis, text), spot.expr);
      return option === "hostName" ? found(hostByName(analysis, text), spot.expr) : undefined;
    }
    default:
      return undefined;
  }
}

/** Options whose value is the address of a host: of deploy-rs, colmena, `programs.ssh.knownHosts`, `nix.buildMachines`. */
const ADDRESS_OPTIONS = new Set(["hostname", "targetHost", "hostNames"]);

function hostByAddress(analysis: Analysis, address: string): Host | undefined {
  const { hosts } = analysis.fleet();
  const byAddress = hosts.find(
    ({ hostname }) => hostname?.known === true && hostname.value.toLowerCase() === address.toLowerCase(),
  );
  return byAddress ?? hosts.find(({ name }) => name === address);
}

function hostByName(analysis: Analysis, name: string): Host | undefined {
  const { hosts } = analysis.fleet();
  const isNamed = (host: Host): boolean => {
    const own = host.effective.get("networking.hostName");
    return own !== undefined && knownText(own) === name;
  };
  return hosts.find(isNamed) ?? hosts.find(host => host.name === name);
}

/** The host whose configuration a chain of names selects. */
export function hostOfSelection(analysis: Analysis, selected: readonly string[]): Host | undefined {
  const at = selected.findIndex(name => CONFIGURATIONS.has(name));
  const name = at < 0 ? undefined : selected[at + 1];
  if (name === undefined) return undefined;
  return analysis
    .fleet()
    .hosts.find(host =>
      host.definitions.some(({ attrPath }) => CONFIGURATIONS.has(attrPath[0] ?? "") && attrPath[1] === name),
    );
}
