// setting-discarded: lists that are weaker than NixOS' own.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-discarded";

test("mkDefault and its like on lists that NixOS defines", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }:
{
  nix.settings = {
    substituters = lib.mkDefault [ "https://a" ];
                   ^^^^^^^^^^^^^ warning setting-discarded (fix): mkDefault is weaker than NixOS' own definition of nix.settings.substituters: this list is dropped, that one stays: https://cache.nixos.org/
    trusted-public-keys = lib.mkOverride 900 [ "k" ];
                          ^^^^^^^^^^^^^^ warning setting-discarded: mkOverride is weaker than NixOS' own definition of nix.settings.trusted-public-keys: this list is dropped, that one stays: cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=
    trusted-users = lib.mkIf (builtins.getEnv "X" == "") (lib.mkDefault [ "deploy" ]);
                                                          ^^^^^^^^^^^^^ warning setting-discarded (fix): mkDefault is weaker than NixOS' own definition of nix.settings.trusted-users (where builtins.getEnv "X" == ""): this list is dropped, that one stays: root
  };
}
`,
  );
});

test("scalars, lists without a definition of NixOS, and stronger priorities", () => {
  checkClean(
    CODE,
    nix`
{ lib, ... }:
{
  nix.settings = {
    cores = lib.mkDefault 4;
    trusted-substituters = lib.mkDefault [ "https://a" ];
    extra-substituters = lib.mkDefault [ "https://a" ];
    substituters = lib.mkBefore [ "https://a" ];
    trusted-users = lib.mkForce [ "root" ];
  };
}
`,
  );
});

test("Home Manager has no definition of its own", () => {
  checkClean(
    CODE,
    nix`
{ lib, ... }:
{ home.stateVersion = "25.05"; nix.settings.substituters = lib.mkDefault [ "https://a" ]; }
`,
  );
});

test("the fix takes mkDefault away", () => {
  checkFix(
    CODE,
    nix`
{ lib, ... }:
{ nix.settings.substituters = lib.mkDe$0fault [ "https://a" ]; # ours
}
`,
    nix`
{ lib, ... }:
{ nix.settings.substituters = [ "https://a" ]; # ours
}
`,
  );
});

test("a condition that holds on the host is no longer one", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ imports = [ ./m.nix ]; }
#- m.nix
{ config, lib, ... }:
{
  options.my.on = lib.mkOption { default = true; };
  config = lib.mkIf config.my.on { nix.settings.substituters = lib.mkDefault [ "https://a.example.org" ]; };
                                                               ^^^^^^^^^^^^^ warning setting-discarded (fix): mkDefault is weaker than NixOS' own definition of nix.settings.substituters: this list is dropped, that one stays: https://cache.nixos.org/
}
`,
  );
});

test("an older name passes the priority on", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.binaryCaches = lib.mkDefault [ "https://a.example.org" ]; }
                                   ^^^^^^^^^^^^^ warning setting-discarded (fix): mkDefault is weaker than NixOS' own definition of nix.settings.substituters: …
`,
  );
});

test("around a whole set it is to be reviewed, for the others in it lose it too", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.settings = lib.mkDefault { substituters = [ "https://a.example.org" ]; fallback = true; }; }
                               ^^^^^^^^^^^^^ warning setting-discarded (review): mkDefault is weaker than …
`,
  );
});
