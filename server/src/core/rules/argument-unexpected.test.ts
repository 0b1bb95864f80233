// What argument-unexpected finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "argument-unexpected";

test("a misspelt argument", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations = let mk = { system ? "x86_64-linux" }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ]; }; in { web = mk { sytem = "x"; }; };
                                                                                                                                        ^^^^^ error argument-unexpected (review): function 'mk' called with unexpected argument 'sytem': nixosConfigurations.web cannot be evaluated
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

const hosts = (file: string, hosts: string) => `#- flake.nix
{
  outputs = { nixpkgs, ... }:
    let mk = { system ? "x86_64-linux" }: nixpkgs.lib.nixosSystem { inherit system; modules = [ ./web.nix ]; };
    in { nixosConfigurations = builtins.mapAttrs (_: mk) (import ./hosts.nix); };
}
#- hosts.nix
${hosts}
#- web.nix
${file}
`;

test("the argument in another file is put right where it is written", () => {
  checkFix(
    CODE,
    hosts("{ }", '{ web = { sy$0tem = "x"; }; }'),
    hosts("{ }", '{ web = { system = "x"; }; }'),
    "Rename",
  );
});

test("a module takes more than it names", () => {
  checkFix(
    CODE,
    hosts("{ lib,$0 pkgs }: { }", "{ web = { }; }"),
    hosts("{ lib, pkgs, ... }: { }", "{ web = { }; }"),
  );
  checkFix(
    CODE,
    hosts("{\n  lib,$0\n  pkgs,\n}:\n{ }", "{ web = { }; }"),
    hosts("{\n  lib,\n  pkgs,\n  ...\n}:\n{ }", "{ web = { }; }"),
  );
});

test("an input is taken by outputs, in the layout of the others", () => {
  const flake = (formals: string) => `#- flake.nix
{
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs =
    ${formals}:
    { nixosConfigurations = { }; };
}
`;
  checkFix(CODE, flake("{$0 self }"), flake("{ self, deploy-rs }"));
  checkFix(CODE, flake("{$0\n      self,\n    }"), flake("{\n      self,\n      deploy-rs,\n    }"));
  checkFix(
    CODE,
    flake("{$0 self\n    , nixpkgs\n    }"),
    flake("{ self\n    , nixpkgs\n    , deploy-rs\n    }"),
  );
});
