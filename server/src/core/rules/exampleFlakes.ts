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
