// Tags for flakes that deploy with deploy-rs, like `nix` for any Nix: a test types the outputs that it is about, and what
// stands around them is the same for all.

import { nix } from "./nix";

const WEB = 'nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };';

/** A flake with nixpkgs and deploy-rs, and these outputs. */
export function deployFlake(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  return deployFlakeOf(nix(strings, ...values));
}

/** The same with a NixOS configuration "web". */
export function webFlake(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  return webFlakeOf(nix(strings, ...values));
}

/** `webFlake` for a text that is put together. */
export function webFlakeOf(outputs: string): string {
  return deployFlakeOf(`\n${WEB}${outputs}`);
}

/** `deployFlake` for a text that is put together; it begins and ends with a line break. */
export function deployFlakeOf(outputs: string): string {
  return `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {${outputs}};
}
`;
}
