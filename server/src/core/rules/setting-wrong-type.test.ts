// setting-wrong-type and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-wrong-type";

test("options with a type, settings without, and nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix.settings.substituters = "https://a.example.org"; }
                              ^^^^^^^^^^^^^^^^^^^^^^^ error setting-wrong-type (fix): nix.settings.substituters takes a list of strings, not a string: the configuration cannot be evaluated
#- b.nix
{ nix.sshServe = { enable = "true"; keys = [ 1 ]; }; }
                            ^^^^^^ error setting-wrong-type (fix): …
                                             ^ error setting-wrong-type: …
#- c.nix
{ nix.settings.keep-outputs = "maybe"; }
                              ^^^^^^^ error setting-wrong-type: keep-outputs takes true or false, not "maybe": the check of nix.conf stops the build, and without it every nix command on the host fails
#- d.nix
{ nix.settings = { extra-substituters = { }; post-build-hook = _: "/x"; builders = lib.mkIf true { outPath = "/x"; }; }; }
                                        ^^^ error setting-wrong-type: nix.settings.extra-substituters takes text or a list, not a set: the configuration cannot be evaluated
                                                               ^^^^^^^ error setting-wrong-type: nix.settings.post-build-hook takes text or a list, not a function: …
#- flake.nix
{ nixConfig.fallback = "maybe"; nixConfig.stalled-download-timeout = 1.5; outputs = _: { }; }
                       ^^^^^^^ error setting-wrong-type: fallback takes true or false, not "maybe": every nix command that accepts this nixConfig fails on it
#- nix.conf
connect-timeout = five
                  ^^^^ error setting-wrong-type: connect-timeout takes a number from 0 up, not "five": every nix command fails on it
#- e.nix
{ nix.settings = { cores = -1; timeout = -1; }; nix.buildCores = -2; nix.extraOptions = "min-free = -5"; }
                           ^^ error setting-wrong-type: cores takes a number from 0 up, not "-1": the check of nix.conf stops the build, and without it every nix command on the host fails
                                                                 ^^ error setting-wrong-type: …
                                                                                                    ^^ error setting-wrong-type: …
`,
  );
});

test("a string is put in a list", () => {
  checkFix(CODE, nix`{ nix.trustedUsers = "$0alice"; }`, nix`{ nix.trustedUsers = [ "alice" ]; }`);
});

test("a quoted boolean loses its quotes", () => {
  checkFix(CODE, nix`{ nix.checkConfig = "fal$0se"; }`, nix`{ nix.checkConfig = false; }`);
});

test("a quoted number loses its quotes, where a word would do too", () => {
  checkFix(CODE, nix`{ nix.settings.max-jobs = "$08"; }`, nix`{ nix.settings.max-jobs = 8; }`);
});

test("a string beside a list of another module is put in a list", () => {
  checkFix(
    CODE,
    nix`
#- configuration.nix
{ imports = [ ./a.nix ]; nix.settings.extra-substituters = [ "https://b.$0example.org" ]; }
#- a.nix
{ nix.settings.extra-substituters = "https://a.example.org https://c.example.org"; }
`,
    nix`
#- configuration.nix
{ imports = [ ./a.nix ]; nix.settings.extra-substituters = [ "https://b.example.org" ]; }
#- a.nix
{ nix.settings.extra-substituters = [ "https://a.example.org" "https://c.example.org" ]; }
`,
  );
});

test("a boolean with a capital letter is put right", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
fallback = Tr$0ue
`,
    nix`
#- nix.conf
fallback = true
`,
  );
});

test("values that fit, and values that are not known", () => {
  checkClean(
    CODE,
    nix`
{ config, lib, ... }:
{
  nix.settings = {
    substituters = lib.mkForce config.x; keep-outputs = "true"; connect-timeout = "5"; max-jobs = "auto"; sandbox = "relaxed";
    secret-key-files = "/x"; trusted-users = if config.y then [ "a" ] else [ ]; experimental-features = "nix-command flakes";
    auto-optimise-store = lib.mkDefault true; extra-substituters = "https://a";
  };
}
`,
  );
});

test("Home Manager has no types of its own for settings", () => {
  checkClean(
    CODE,
    nix`
#- home.nix
{ home.stateVersion = "25.05"; nix.settings = { substituters = "https://a.example.org"; max-jobs = "4"; }; }
`,
  );
});

test("words of one string become items, a mark behind a word goes", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.trusted-users = "root al$0ice"; }`,
    nix`{ nix.settings.trusted-users = [ "root" "alice" ]; }`,
  );
  checkFix(
    CODE,
    nix`
#- nix.conf
keep-outputs = true$0;
`,
    nix`
#- nix.conf
keep-outputs = true
`,
  );
});

test("definitions of two modules that do not merge", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ imports = [ ./a.nix ]; networking.hostName = "web"; nix.settings = { extra-substituters = [ "https://b.example.org" ]; fallback = true; }; }
                                                                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error setting-wrong-type (fix): nix.settings.extra-substituters is a list here and a string in another module of host "web": the definitions do not merge, so the configuration cannot be evaluated
#- a.nix
{ nix.settings = { extra-substituters = "https://a.example.org"; fallback = true; }; }
`,
  );
});

test("lists that join, a stronger value, one under a condition", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ lib, config, ... }: { imports = [ ./a.nix ]; nix.settings = {
  extra-substituters = [ "https://b.example.org" ]; fallback = lib.mkForce true; connect-timeout = lib.mkIf config.x.y 5; }; }
#- a.nix
{ nix.settings = { extra-substituters = [ "https://a.example.org" ]; fallback = false; connect-timeout = 6; }; }
`,
  );
});

test("what comes out of nixpkgs' lib is found where lib is asked for it", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.settings.substituters = lib.boolToString true; }
                                            ^^^^^^^^^^^^^^^^^^^^^ error setting-wrong-type: …
`,
  );
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.settings.substituters = lib.lists.allUnique [ ]; }
                                            ^^^^^^^^^^^^^^^^^^^^^^^ error setting-wrong-type: …
`,
  );
});

test("a flake that only has Home Manager among its inputs is judged", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { nixpkgs, home-manager, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ home-manager.nixosModules.default { nix.settings.trusted-users = "ann"; } ]; };
                                                                                                                                     ^^^^^ error setting-wrong-type (fix): …
  };
}
`,
  );
});
