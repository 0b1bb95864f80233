// What completion knows from the fleet: names, addresses, logins, profiles and tags of hosts, nodes that are missing.

import type { Analysis } from "../analysis";
import type { Field, Host } from "../fleet/fleet";
import type { Candidate } from "./completion";
import { CONFIGURATIONS } from "./hostReferences";

/** Values of an option whose texts other hosts of the fleet tell; nothing for other options. */
export function fleetTexts(analysis: Analysis, path: readonly string[]): Candidate[] {
  const { hosts } = analysis.fleet();
  switch (path.at(-1)) {
    case "hostname":
    case "targetHost":
    case "hostNames":
    case "hostName":
      return texts(hosts.map(host => [knownValue(host.hostname) ?? host.name, `host ${host.name}`]));
    case "sshUser":
    case "targetUser":
      return texts([...logins(hosts), ["root", "login"]]);
    case "user":
      return path.includes("deploy") ? texts([["root", "login"], ...logins(hosts)]) : [];
    case "trusted-users":
    case "trustedUsers":
      return texts([["root", "login"], ["@wheel", "group"], ...logins(hosts)]);
    case "profilesOrder":
      return texts([...profilesOf(hosts, path), "system"].map(name => [name, "profile"]));
    case "tags":
      return texts(hosts.flatMap(({ tags }) => tags.map(tag => [tag, "tag"] as const)));
    default:
      return [];
  }
}

function logins(hosts: readonly Host[]): [string, string][] {
  return hosts.flatMap(({ sshUser, name }) => {
    const user = knownValue(sshUser);
    return user === undefined ? [] : [[user, `login of ${name}`] as [string, string]];
  });
}

/** The profiles of the node in whose set the path is; of all nodes where its name is computed. */
function profilesOf(hosts: readonly Host[], path: readonly string[]): string[] {
  const node = path[path.lastIndexOf("nodes") + 1];
  const isNode = (host: Host): boolean =>
    host.definitions.some(({ attrPath }) => attrPath[1] === "nodes" && attrPath[2] === node);
  const own = hosts.filter(isNode);
  return (own.length > 0 ? own : hosts).flatMap(({ profiles }) => profiles.map(({ name }) => name));
}

/** Names that users choose and the fleet suggests: nodes of deploy-rs, profiles, addresses in known hosts. */
export function fleetNames(analysis: Analysis, path: readonly string[], typed: string): Candidate[] {
  const [parent, set] = [path.at(-2), path.at(-1)];
  if (parent === "deploy" && set === "nodes") return missingNodes(analysis);
  if (set === "profiles" && path.includes("nodes")) {
    const value = profilePath(analysis, [...path, "system", "path"])?.newText ?? "$1";
    return [named("system", "profile", `system = {\n  user = "root";\n  path = ${value};\n};$0`)];
  }
  if (parent === "ssh" && set === "knownHosts" && typed === "")
    return analysis.fleet().hosts.map(host => {
      const address = knownValue(host.hostname) ?? host.name;
      return named(address, `host ${host.name}`, `"${address}".publicKey = "$1";$0`);
    });
  return [];
}

/** One node for each configuration that none deploys. */
function missingNodes(analysis: Analysis): Candidate[] {
  return analysis.fleet().hosts.flatMap(host => {
    const [, name] =
      host.definitions.find(({ attrPath }) => CONFIGURATIONS.has(attrPath[0] ?? ""))?.attrPath ?? [];
    if (name === undefined || host.tools.includes("deploy-rs")) return [];
    const path = activationOf(analysis, name);
    const profile = `profiles.system = {\n    user = "root";\n    path = ${path};\n  };`;
    return [
      named(name, "node for this configuration", `${name} = {\n  hostname = "$1";\n  ${profile}\n};$0`),
    ];
  });
}

/** What the `path` of a profile in the set at this path has to be; undefined where the node's name is computed. */
export function profilePath(analysis: Analysis, path: readonly string[]): Candidate | undefined {
  const [nodes, node = "*", profiles, , option] = path.slice(path.lastIndexOf("deploy") + 1);
  if (nodes !== "nodes" || profiles !== "profiles" || option !== "path" || node === "*") return undefined;
  const text = activationOf(analysis, node);
  return { ...named(text, "the node's configuration", text), isSnippet: false };
}

function activationOf(analysis: Analysis, name: string): string {
  const system =
    knownValue(analysis.fleet().hosts.find(host => host.name === name)?.system) ?? "x86_64-linux";
  return `deploy-rs.lib.${system}.activate.nixos self.nixosConfigurations.${name}`;
}

function knownValue(field: Field<string> | undefined): string | undefined {
  return field?.known === true ? field.value : undefined;
}

function named(label: string, detail: string, newText: string): Candidate {
  return { label, kind: "host", detail, documentation: "", newText, isSnippet: true };
}

function texts(found: readonly (readonly [text: string, detail: string])[]): Candidate[] {
  const byText = new Map(found.toReversed());
  return [...new Set(found.map(([text]) => text))].map(text => ({
    label: text,
    kind: "value",
    detail: byText.get(text) ?? "",
    documentation: "",
    newText: text,
    isSnippet: false,
  }));
}
