// What argument-missing finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "argument-missing";

test("a call on the way to a host", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations = let mk = { name, system }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { name = "web"; }; };
                                                                                                                        ^^^^^^^^^^^^^^^^^^^^ error argument-missing (review): function 'mk' called without required argument 'system': nixosConfigurations.web cannot be evaluated
`,
  );
});

test("calls that nothing needs, and functions that take more", () => {
  checkClean(
    CODE,
    deployFlake`
unused = ({ a }: a) { };
nixosConfigurations = let mk = { system ? "x86_64-linux", ... }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { name = "web"; }; };
`,
  );
});

test("the function of a file is named after the file", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: { nixosConfigurations.web = import ./host.nix { inherit nixpkgs; }; };
                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error argument-missing (review): the function of host.nix is called without required argument 'system': nixosConfigurations.web cannot be evaluated
}
#- host.nix
# one host
{ nixpkgs, system }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }
`,
  );
});

test("a hive.nix that takes arguments is no hive of colmena, unless it is written like one", () => {
  checkClean(
    CODE,
    nix`
#- hypervisors/hive.nix
{ profiles, generateVlans, ... }:
{ imports = with profiles; [ ceph.gateway ]; environment.etc = generateVlans [ "public" ]; }
`,
  );
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{ pkgs }: { meta.nixpkgs = pkgs; web = { }; }
^ error argument-missing: the function of hive.nix is called without required argument 'pkgs': …
`,
  );
});

test("an argument to be filled in, and one under another name", () => {
  const flake = (given: string) => `#- flake.nix
{
  outputs = { nixpkgs, ... }:
    let mk = { name, tags ? [ ] }: nixpkgs.lib.nixosSystem { modules = [ { networking.hostName = name; } ]; };
    in { nixosConfigurations.web = mk { ${given} }; };
}
`;
  checkFix(CODE, flake("tags =$0 [ ];"), flake('name = throw "name is to be filled in"; tags = [ ];'));
  checkFix(CODE, flake('nmae$0 = "web"; # the host\n '), flake('name = "web"; # the host\n '));
});
