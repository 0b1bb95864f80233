// What import-missing finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "import-missing";

test("a module that is not there", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
                                                                                             ^^^^^^^^^^^^^^^ error import-missing: hosts/web.nix does not exist: nixosConfigurations.web cannot be evaluated
  };
}
`,
  );
});

test("files that are there, and paths that nobody reads", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
    unused = import ./nowhere.nix;
  };
}
#- hosts/web.nix
{ networking.hostName = "web"; }
`,
  );
});

test("templates are completed by whoever uses them", () => {
  checkClean(
    CODE,
    nix`
#- templates/server/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./configuration.nix ]; };
  };
}
`,
  );
});
