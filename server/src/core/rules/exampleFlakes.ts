// Flakes for the examples of rules about fleets: what stands around the outputs that an example shows.

import type { Example } from "./rule";

/** A flake with nixpkgs and deploy-rs and these outputs. */
export function deployFlake(outputs: string): Example {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    ${outputs.trim().replaceAll("\n", "\n    ")}
  };
}`,
  };
}

/** The same with a NixOS configuration "web", and `node` inside of `deploy.nodes.web`. */
export function webFlake(node: string): Example {
  return deployFlake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ ];
};
deploy.nodes.web = {
  ${node.trim().replaceAll("\n", "\n  ")}
};`);
}

/** The profile that an example does not care about otherwise. */
interface ExampleProfile {
  readonly name?: string;
  readonly path?: string;
}

const ACTIVATED = "deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web";

/** A profile of that node; without more the one that every node has. */
export function profileText({ name = "system", path = ACTIVATED }: ExampleProfile = {}): string {
  return `profiles.${name} = {
  user = "root";
  path = ${path};
};`;
}

/** The same with a node that has a hostname, `settings` and one profile. */
export function nodeFlake(settings: string, profile: ExampleProfile = {}): Example {
  const lines = ['hostname = "web.example.org";', settings, profileText(profile)];
  return webFlake(lines.filter(line => line !== "").join("\n"));
}
