// What argument-missing finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "argument-missing";

test("a call on the way to a host", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let mk = { name, system }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { name = "web"; }; };
                                                                                                                            ^^^^^^^^^^^^^^^^^^^^ error argument-missing: function 'anonymous lambda' called without required argument 'system': nixosConfigurations.web cannot be evaluated
  };
}
`,
  );
});

test("calls that nothing needs, and functions that take more", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    unused = ({ a }: a) { };
    nixosConfigurations = let mk = { system ? "x86_64-linux", ... }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { name = "web"; }; };
  };
}
`,
  );
});
