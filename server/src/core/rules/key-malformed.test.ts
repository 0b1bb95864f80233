// key-malformed on every surface, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-malformed";

test("a key that is too short says how many bytes it has and what follows", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "stage.yourapp.com:T0xDDpZbMep2GjjzGDpRk32FkZx/+LZ4eKqPyGI2" ]; }
                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-malformed: the key of "stage.yourapp.com" has 30 bytes instead of 32: one bad key breaks every signature check, so the host substitutes nothing from any cache
`,
  );
});

test("the condition of an if is named", () => {
  checkDiagnostics(
    CODE,
    nix`
{ environment ? "production", ... }:
{
  nix.settings.trusted-public-keys = if environment == "production" then [ "nocolon" ] else [ ];
                                                                            ^^^^^^^ error key-malformed: "nocolon" is not NAME:BASE64: the colon is missing (where environment == "production"): …
}
`,
  );
});

test("every surface is read", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix = { settings = { "trusted-public-keys" = [ "a" ]; }; }; }
                                                  ^ error key-malformed: …
#- b.nix
{ nix.binaryCachePublicKeys = [ "b" ]; }
                                 ^ error key-malformed: …
#- c.nix
{ lib, ... }: {
  nix.extraOptions = lib.mkIf true ''
    extra-trusted-public-keys = c1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg= c2
                                                                                ^^ error key-malformed: …
  '';
}
#- flake.nix
{
  nixConfig.extra-trusted-public-keys = [ "d" ];
                                           ^ error key-malformed: …
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.x = nixpkgs.lib.nixosSystem {
      modules = [ ({ ... }: { config.nix.settings.trusted-public-keys = [ "e" ]; }) ];
                                                                           ^ error key-malformed: …
    };
  };
}
#- etc/nix.conf
trusted-public-keys = f
                      ^ error key-malformed: …
`,
  );
});

test("a key from a local variable is marked where it was typed", () => {
  checkDiagnostics(
    CODE,
    nix`
let key = "short:AAAA"; in
                 ^^^^ error key-malformed: …
{ nix.settings.trusted-public-keys = [ key ]; }
`,
  );
});

test("what is not known is not judged", () => {
  checkClean(
    CODE,
    nix`
{ config, keys, ... }:
{
  nix.settings.trusted-public-keys = [ "\${keys.name}:abc" keys.prod (builtins.readFile ./key.pub) ] ++ keys.all;
  services.other.settings.trusted-public-keys = [ "nothing to do with Nix" ];
  options.nix.settings.trusted-public-keys = [ "an option's declaration" ];
}
`,
  );
});

test("an empty entry is nothing to Nix, which splits the list at blanks", () => {
  checkClean(
    CODE,
    nix`
#- module.nix
{ config, lib, ... }: {
  options.caches.attic.enable = lib.mkEnableOption "the private cache";
  config.nix.settings.extra-trusted-public-keys = [
    (lib.optionalString config.caches.attic.enable "attic:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")
  ];
}
#- flake.nix
{ nixConfig.extra-trusted-public-keys = [ "" ]; outputs = { ... }: { }; }
`,
  );
});

test("two keys joined by a comma are split", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=$0,b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});

test("in nix.conf text they are split at a blank", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
trusted-public-keys = a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=$0;b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
`,
    nix`
#- nix.conf
trusted-public-keys = a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg= b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
`,
  );
});

test("the URL-safe alphabet is turned into the ordinary one", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv_$0POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});

test("an argument of a function is not split into two", () => {
  checkNoFix(
    CODE,
    nix`
{ lib, x, ... }:
{ nix.settings.trusted-public-keys = lib.optional x "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=$0,b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="; }
`,
  );
});

test("the key of a well-known cache is put in whole", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.trusted-public-keys = [ "cache.nixos.org-1:6NCH$0dD59X431o0gWypbM" ]; }`,
    nix`{ nix.settings.trusted-public-keys = [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ]; }`,
  );
});

test("swapped lists are swapped back", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings = {
  substituters = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  trusted-public-keys = [ "https://a.$0example.org" ];
}; }
`,
    nix`
{ nix.settings = {
  trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  substituters = [ "https://a.example.org" ];
}; }
`,
  );
});

test("a URL alone among the keys is left to people", () => {
  checkNoFix(CODE, nix`{ nix.settings.trusted-public-keys = [ "https://a.$0example.org" ]; }`);
});

test("a cut-off key has no fix", () => {
  checkNoFix(CODE, nix`{ nix.settings.trusted-public-keys = [ "a-1:$0A6EH" ]; }`);
});

test("a suppression on the line above silences it", () => {
  checkClean(
    CODE,
    nix`
{
  # nix-deploy: ignore key-malformed, key-duplicate
  nix.settings.trusted-public-keys = [ "a" ];
}
`,
  );
});

test("a line break in an entry ends the line of nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ nix.settings.trusted-public-keys = [ (builtins.readFile ./a.pub) "b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^ error key-malformed: the entry of "a-1" holds a line break: what follows is a line of nix.conf by itself…
#- a.pub
a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=

#- b.nix
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
                                                                                        ^^^ error key-malformed (fix): a line break stands between two keys: …
`,
  );
});

test("a line break behind the last key breaks nothing, and one in a flake neither", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ nix.settings.trusted-public-keys = [ "b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" (builtins.readFile ./a.pub) ]; }
#- a.pub
a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=

#- other/flake.nix
{ nixConfig.extra-trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; outputs = { ... }: { }; }
`,
  );
});
