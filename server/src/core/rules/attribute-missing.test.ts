// What attribute-missing finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "attribute-missing";

test("an attribute that a set of the repository lacks", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.adress; } ]; }; };
                                                                                                                                                               ^^^^^^ error attribute-missing (fix): attribute 'adress' missing (did you mean address?): nixosConfigurations.web cannot be evaluated
`,
  );
});

test("the near name", () => {
  checkFix(
    CODE,
    deployFlake`
nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.adr$0ess; } ]; }; };
`,
    deployFlake`
nixosConfigurations = let hosts.web.address = "a"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.web.address; } ]; }; };
`,
  );
});

test("packages, conditions and fallbacks", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations = let hosts.web = { }; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ({ pkgs, lib, config, ... }: { environment.systemPackages = [ pkgs.gti ]; networking.hostName = hosts.web.name or "web"; networking.domain = lib.mkIf config.x hosts.web.domain; }) ]; }; };
`,
  );
});

test("what plugins of Nix add to its builtins", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ (builtins.extraBuiltins.readSecret ./web.age) ]; };
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

test("an output that the flake does not have, but not what only a revision has", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self, nixpkgs }: {
    lab.name = "lab";
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = self.lap.name; } ]; };
                                                                                                 ^^^ error attribute-missing (fix): attribute 'lap' missing (did you mean lab?): nixosConfigurations.web cannot be evaluated
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = self.rev; networking.domain = self.lap.name or "x"; } ]; };
    nixosConfigurations.mail = nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = if self ? dirtyRev then self.dirtyRev else "clean"; } ]; };
  };
}
`,
  );
});

test("a name that another set has is to be reviewed: hosts may share the place", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self, nixpkgs }: let
    hosts = { web.rolle = "web"; db.role = "db"; };
  in {
    nixosConfigurations = nixpkgs.lib.mapAttrs (_: host: nixpkgs.lib.nixosSystem { specialArgs = { inherit host; }; modules = [ ./name.nix ]; }) hosts;
  };
}
#- name.nix
{ host, ... }: { networking.hostName = host.role; }
                                            ^^^^ error attribute-missing (review): attribute 'role' missing (did you mean rolle?): nixosConfigurations.web cannot be evaluated
`,
  );
});

test("modules of flake-parts may add outputs that nobody reads here", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = inputs@{ self, flake-parts, nixpkgs, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" ];
    imports = [ inputs.flake-parts.flakeModules.easyOverlay inputs.home-manager.flakeModules.home-manager ];
    flake.nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { nixpkgs.overlays = [ self.overlays.default ]; environment.systemPackages = [ self.homeModules.a self.outputs.homeModules.b ]; } ];
    };
  };
}
`,
  );
});

test("modules of flake-parts that are not read may add to an output", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.other.url = "github:somebody/else";
  outputs = inputs@{ self, flake-parts, nixpkgs, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" ];
    imports = inputs.other.lib.modulesBelow ./parts;
    flake.lib.names = [ ];
    flake.nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { networking.hostName = self.lib.hosts.web; } ];
    };
  };
}
`,
  );
});
