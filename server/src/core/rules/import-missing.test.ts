// What import-missing finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "import-missing";

test("a module that is not there", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
                                                                                         ^^^^^^^^^^^^^^^ error import-missing: hosts/web.nix does not exist: nixosConfigurations.web cannot be evaluated
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

const FLAKE = nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations = builtins.mapAttrs (name: _: nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ (./hosts + "/\${name}") ./common.nix ];
    }) (builtins.readDir ./hosts);
  };
}
`;

test("a file that Git does not track is not there for a flake", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./hosts/web.nix ./hosts/db ];
                  ^^^^^^^^^^^^^^^ error import-missing (review): hosts/web.nix is not tracked by Git, so the flake does not see it (git add -N hosts/web.nix): nixosConfigurations.web cannot be evaluated
                                  ^^^^^^^^^^ error import-missing (review): hosts/db is not tracked by Git, so the flake does not see it (git add -N hosts/db): nixosConfigurations.web cannot be evaluated
    };
  };
}
#- hosts/web.nix
{ networking.hostName = "web"; }
#- hosts/db/default.nix
{ networking.hostName = "db"; }
#- .git/index
flake.nix
`,
  );
});

test("readDir and pathExists of a flake see tracked files alone", () => {
  checkClean(
    CODE,
    `${FLAKE}#- common.nix
{ imports = if builtins.pathExists ./secret.nix then [ ./nowhere.nix ] else [ ]; }
#- secret.nix
{ }
#- hosts/web/default.nix
{ }
#- hosts/new/configuration.nix
{ }
#- .git/index
flake.nix
common.nix
hosts/web/default.nix
`,
  );
});

test("a file that is gone in a tracked tree is said to be gone", () => {
  checkDiagnostics(
    CODE,
    nix`
#- sub/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ../web.nix ../db.nix ]; };
                                                                                             ^^^^^^^^^^ error import-missing: /w/web.nix does not exist: nixosConfigurations.web cannot be evaluated
  };
}
#- db.nix
{ }
#- .git/index
sub/flake.nix
web.nix
db.nix
`,
  );
});

test("what Git tracks does not count for hives, untracked flakes, submodules and flakes named by path", () => {
  const flake = `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
  };
}
#- hosts/web.nix
{ }
`;
  checkClean(CODE, `${flake}#- .git/index\nREADME.md\n`);
  checkClean(CODE, `${flake}#- .git/index\nflake.nix\nhosts\n`);
  checkClean(
    CODE,
    `${flake}#- justfile\ndeploy:\n\tnix build path:.#x\n#- .git/index\nflake.nix\njustfile\n`,
  );
  checkClean(
    CODE,
    "#- hive.nix\n{ meta.nixpkgs = <nixpkgs>; web = ./web.nix; }\n#- web.nix\n{ }\n#- .git/index\nhive.nix\n",
  );
});

test("a file that is read is marked by its path", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ { networking.hostName = builtins.readFile ./name.txt; } ];
                                                            ^^^^^^^^^^ error import-missing: name.txt does not exist: …
    };
  };
}
`,
  );
});

test("what installing a machine writes beside its configuration.nix", () => {
  const machine = nix`
#- installer/configuration.nix
{ imports = [ ./hardware-configuration.nix ]; networking.hostName = "nixos"; }
`;
  checkClean(CODE, machine);
  checkDiagnostics(
    CODE,
    nix`
#- installer/configuration.nix
{ imports = [ ./hardware-configuration.nix ./disks.nix ]; networking.hostName = "nixos"; }
                                           ^^^^^^^^^^^ error import-missing: disks.nix does not exist: configuration.nix cannot be evaluated
`,
  );
});

test("submodules that are not checked out", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{ meta.nixpkgs = ./modules/nixpkgs; web = { imports = [ ./modules/home-manager/nixos ./modules/disko ]; }; }
#- .git/index
hive.nix
modules/nixpkgs
modules/home-manager
modules/disko
`,
  );
});
