// What argument-unexpected finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "argument-unexpected";

test("a misspelt argument", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let mk = { system ? "x86_64-linux" }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { sytem = "x"; }; };
                                                                                                                                       ^^^^^^^^^^^^^^^^^^^ error argument-unexpected: function 'mk' called with unexpected argument 'sytem': nixosConfigurations.web cannot be evaluated
  };
}
`,
  );
});

test("flakes without anything to deploy are left alone", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { }: { nixosModules.a = { }; }; }
`,
  );
});
