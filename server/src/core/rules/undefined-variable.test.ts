// What undefined-variable finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "undefined-variable";

test("a misspelt argument", () => {
  checkDiagnostics(
    CODE,
    nix`
{ pkgs, ... }: { a = pkg.git; }
                     ^^^ error undefined-variable: undefined variable 'pkg'
`,
  );
});

test("with, builtins, and files that are not Nix yet", () => {
  checkClean(
    CODE,
    nix`
#- a.nix
{ pkgs, ... }: { a = with pkgs; [ git ]; b = map toString [ ]; }
#- b.nix
{ a = pkg.; }
`,
  );
});

test("files whose names a loader puts in scope", () => {
  checkClean(
    CODE,
    nix`
#- cells/repo/shells.nix
let
  inherit (inputs.std.lib.dev) mkShell;
  inherit (cell) configs;
  inherit (config._module.args) pkgs;
in
{ default = mkShell { inherit configs pkgs; }; }
`,
  );
});

test("a module that forgot to take its arguments", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ networking.hostName = lib.mkDefault "web"; }
                        ^^^ error undefined-variable: undefined variable 'lib'
#- b.nix
{ pkgs, ... }: { imports = [ inputs.disko.nixosModules.disko ]; }
                             ^^^^^^ error undefined-variable: undefined variable 'inputs'
`,
  );
});
