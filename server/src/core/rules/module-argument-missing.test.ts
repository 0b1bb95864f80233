// What module-argument-missing finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "module-argument-missing";

test("inputs without specialArgs", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./web.nix ]; };
  };
}
#- web.nix
{ inputs, ... }: { nix.registry.nixpkgs.flake = inputs.nixpkgs; }
  ^^^^^^ error module-argument-missing: the module asks for "inputs", which neither NixOS nor specialArgs gives (attribute 'inputs' missing): nixosConfigurations.web cannot be evaluated
`,
  );
});

test("arguments of _module.args and defaults", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./web.nix { _module.args.inputs = { }; } ]; };
  };
}
#- web.nix
{ inputs, other ? 1, ... }: { networking.hostName = "web"; }
`,
  );
});

test("who evaluates a stand-alone configuration is not in sight, nor what it is given", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ config, environment ? "production", ... }:
{ nix.settings.substituters = if environment == "stage" then [ ] else [ "https://a.example.org" ]; }
`,
  );
});

test("an argument that imports hang on has to come from specialArgs", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }@inputs: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./web.nix { _module.args.inputs = inputs; } ];
    };
    nixosConfigurations.db = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      specialArgs = { inherit inputs; };
      modules = [ ./db.nix ];
    };
  };
}
#- web.nix
{ config, inputs, ... }: { imports = [ inputs.self.nixosModules.base ]; }
          ^^^^^^ error module-argument-missing (review): the module asks for "inputs" to find its imports, for which only specialArgs comes early enough (infinite recursion encountered): nixosConfigurations.web cannot be evaluated
#- db.nix
{ config, inputs, pkgs, ... }: {
  imports = [ (if inputs ? other then ./other.nix else { }) ];
  environment.systemPackages = [ pkgs.hello ];
}
`,
  );
});

test("the fix adds specialArgs to the call that makes the system", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs, ... }@inputs: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux"; # the usual
      modules = [ ./web.nix ];
    };
  };
}
#- web.nix
{ in$0puts, ... }: { nix.registry.nixpkgs.flake = inputs.nixpkgs; }
`,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs, ... }@inputs: {
    nixosConfigurations.db = nixpkgs.lib.nixosSystem { modules = [ ]; };
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit inputs; };
      system = "x86_64-linux"; # the usual
      modules = [ ./web.nix ];
    };
  };
}
#- web.nix
{ inputs, ... }: { nix.registry.nixpkgs.flake = inputs.nixpkgs; }
`,
  );
});

test("the fix adds to specialArgs that are there, of a function that makes all systems", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs@{ self, nixpkgs }:
    let mk = name: nixpkgs.lib.nixosSystem rec { specialArgs = { inherit name; }; modules = [ ./host.nix ]; };
    in { nixosConfigurations.web = mk "web"; };
}
#- host.nix
{ se$0lf, ... }: { imports = [ self.nixosModules.base ]; }
`,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs@{ self, nixpkgs }:
    let mk = name: nixpkgs.lib.nixosSystem rec { specialArgs = { inherit self; inherit name; }; modules = [ ./host.nix ]; };
    in { nixosConfigurations.web = mk "web"; };
}
#- host.nix
{ self, ... }: { imports = [ self.nixosModules.base ]; }
`,
  );
});

test("no fix for a name that the flake does not have", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- web.nix
{ in$0puts, ... }: { nix.registry.nixpkgs.flake = inputs.nixpkgs; }
`,
  );
});

test("the domain is part of every system", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
#- web.nix
{ site, ... }: { networking.domain = site; }
  ^^^^ error module-argument-missing: …
`,
  );
});
