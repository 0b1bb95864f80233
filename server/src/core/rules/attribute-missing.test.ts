// What attribute-missing finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "attribute-missing";

test("an attribute that a set of the repository lacks", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.adress; } ]; }; };
                                                                                                                                                                   ^^^^^^ error attribute-missing (fix): attribute 'adress' missing (did you mean address?): nixosConfigurations.web cannot be evaluated
  };
}
`,
  );
});

test("the near name", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.adr$0ess; } ]; }; };
  };
}
`,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.address; } ]; }; };
  };
}
`,
  );
});

test("packages, conditions and fallbacks", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let hosts.web = { }; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ({ pkgs, lib, config, ... }: { environment.systemPackages = [ pkgs.gti ]; networking.hostName = hosts.web.name or "web"; networking.domain = lib.mkIf config.x hosts.web.domain; }) ]; }; };
  };
}
`,
  );
});

test("what nixosSystem is told of the system", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }:
    let host = { system = "x86_64-linux"; }; in {
      nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = host.sytem; modules = [ ]; };
                                                                        ^^^^^ error attribute-missing (fix): attribute 'sytem' missing…
    };
}
`,
  );
});
