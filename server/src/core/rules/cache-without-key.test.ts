// cache-without-key: caches whose keys nobody trusts.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "cache-without-key";

test("well-known caches, Cachix caches, in every place", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig = { extra-substituters = [ "https://cache.garnix.io" ]; };
                                        ^^^^^^^^^^^^^^^^^^^^^^^ warning cache-without-key (review): no key of cache.garnix.io is trusted here: whatever it offers is refused and built instead; its key is called cache.garnix.io
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; };
    nixosConfigurations.b = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; };
  };
}
#- a.nix
{
  nix.settings.substituters = [ "https://nix-community.cachix.org/" ];
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning cache-without-key (review): each of the hosts "a" and "b" asks nix-community.cachix.org, but trusts no key of it: whatever it offers is refused and built instead; its key is called nix-community.cachix.org-1
  nix.extraOptions = "extra-substituters = https://mine.cachix.org";
                                           ^^^^^^^^^^^^^^^^^^^^^^^ warning cache-without-key: each of the hosts "a" and "b" asks mine.cachix.org, but trusts no key of it: whatever it offers is refused and built instead; its key is called mine.cachix.org-1
}
#- nix.conf
extra-substituters = https://hyprland.cachix.org
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning cache-without-key (review): no key of hyprland.cachix.org is trusted here: whatever it offers is refused and built instead; its key is called hyprland.cachix.org-1
`,
  );
});

test("the key under one condition, the cache under none", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }:
{
  nix.settings.substituters = [ "https://mine.cachix.org" ];
                                 ^^^^^^^^^^^^^^^^^^^^^^^ warning cache-without-key: host "w" asks mine.cachix.org, but trusts no key of it (where not (builtins.getEnv "X" == "")): whatever it offers is refused and built instead; its key is called mine.cachix.org-1
  nix.settings.trusted-public-keys = lib.mkIf (builtins.getEnv "X" == "") [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
}
`,
  );
});

test("keys under the same condition, other generations, and caches whose keys are not known", () => {
  checkClean(
    CODE,
    nix`
{ lib, ... }:
let x = builtins.getEnv "X" == ""; in
{
  nix.settings.substituters = [ "https://cache.example.org" "https://mine.cachix.org" ] ++ lib.optional x "https://devenv.cachix.org";
  nix.settings.trusted-public-keys = [ "mine.cachix.org-2:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]
    ++ lib.optional x "devenv.cachix.org-1:w1cLUi8dv3hnoSPGAuibQv+f9TZLr6cv/Hm9XgU50cw=";
}
`,
  );
});

test("a list that is not known, signatures that are not wanted, and the default cache", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { keys, ... }: { nix.settings = { substituters = [ "https://mine.cachix.org" ]; trusted-public-keys = keys.all; }; };
  b.nix.settings = { substituters = [ "https://mine.cachix.org" ]; require-sigs = false; };
  c.nix.settings.substituters = [ "https://cache.nixos.org" "https://mine.cachix.org?trusted=true" ];
  d = { m, ... }: { imports = [ m.nixosModules.x ]; nix.settings.substituters = [ "https://mine.cachix.org" ]; };
}
#- nix.conf
extra-substituters = https://cache.nixos.org
`,
  );
});

test("the fix adds the key beside the cache", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings = {
    extra-substituters = [ "https://nix-community.$0cachix.org" ];
  };
}
`,
    nix`
{
  nix.settings = {
    extra-substituters = [ "https://nix-community.cachix.org" ];
    extra-trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
  };
}
`,
  );
});

test("the fix adds the key to the list that is there", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.substituters = [ "https://nix-community.$0cachix.org" ];
  nix.settings.trusted-public-keys = [
    "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" # ours
  ];
}
`,
    nix`
{
  nix.settings.substituters = [ "https://nix-community.cachix.org" ];
  nix.settings.trusted-public-keys = [
    "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" # ours
    "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs="
  ];
}
`,
  );
});

test("the fix adds a line to nix.conf", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
extra-substituters = https://nix-community.$0cachix.org
cores = 4
`,
    nix`
#- nix.conf
extra-substituters = https://nix-community.cachix.org
extra-trusted-public-keys = nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=
cores = 4
`,
  );
});

test("the key goes into the list that counts", () => {
  checkFix(
    CODE,
    nix`
{ lib, ... }: {
  imports = [ { nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; } ];
  nix.settings.substituters = [ "https://nix-comm$0unity.cachix.org" ];
  nix.settings.trusted-public-keys = lib.mkForce [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ];
}
`,
    nix`
{ lib, ... }: {
  imports = [ { nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; } ];
  nix.settings.substituters = [ "https://nix-community.cachix.org" ];
  nix.settings.trusted-public-keys = lib.mkForce [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
}
`,
  );
});

test("a host whose nix.conf is written by another tool", () => {
  checkClean(
    CODE,
    nix`{ nix.enable = false; nix.settings.substituters = [ "https://nix-community.cachix.org" ]; }`,
  );
});

test("the key goes beside an older option under its older name", () => {
  checkFix(
    CODE,
    nix`
{
  nix.binaryCaches = [ "https://nix-comm$0unity.cachix.org" ];
}
`,
    nix`
{
  nix.binaryCaches = [ "https://nix-community.cachix.org" ];
  nix.binaryCachePublicKeys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
}
`,
  );
});

test("the key goes into a line of its own in nix.extraOptions", () => {
  checkFix(
    CODE,
    nix`
{
  nix.extraOptions = ''
    extra-substituters = https://nix-comm$0unity.cachix.org
    keep-outputs = true
  '';
}
`,
    nix`
{
  nix.extraOptions = ''
    extra-substituters = https://nix-community.cachix.org
    extra-trusted-public-keys = nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=
    keep-outputs = true
  '';
}
`,
  );
});

test("a line of nix.conf and a flake keep the key that Nix has by itself", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://nix-comm$0unity.cachix.org
`,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://nix-community.cachix.org
extra-trusted-public-keys = nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=
`,
  );
  checkFix(
    CODE,
    nix`
#- flake.nix
{ nixConfig.substituters = [ "https://cache.nixos.org" "https://nix-comm$0unity.cachix.org" ]; outputs = { ... }: { }; }
`,
    nix`
#- flake.nix
{ nixConfig.substituters = [ "https://cache.nixos.org" "https://nix-community.cachix.org" ]; nixConfig.extra-trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ]; outputs = { ... }: { }; }
`,
  );
});

test("a comment behind the cache stays behind it", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings = {
    substituters = [ "https://nix-comm$0unity.cachix.org" ]; # for the desktops
    fallback = true;
  };
}
`,
    nix`
{
  nix.settings = {
    substituters = [ "https://nix-community.cachix.org" ]; # for the desktops
    trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
    fallback = true;
  };
}
`,
  );
});

test("signatures that are not asked for under the older name", () => {
  checkClean(
    CODE,
    nix`{ nix.requireSignedBinaryCaches = false; nix.binaryCaches = [ "https://nix-community.cachix.org" ]; }`,
  );
});

test("a host of the fleet that signs what it serves over HTTP", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  cache.services.nix-serve = { enable = true; secretKeyFile = "/var/keys/cache"; };
  web.nix.settings.substituters = [ "http://cache:5000" ];
                                     ^^^^^^^^^^^^^^^^^ warning cache-without-key: host "web" asks cache, but trusts no key of it: whatever it offers is refused and built instead
}
`,
  );
});

test("a host that serves unsigned, a key that may be its own, and a proxy's path", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  cache.services.nix-serve.enable = true;
  signing.services.harmonia = { enable = true; signKeyPaths = [ "/var/keys/cache" ]; };
  web.nix.settings.substituters = [ "http://cache:5000" "https://signing/main" ];
  other.nix.settings = { substituters = [ "http://signing:5000" ]; trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
}
`,
  );
});
