// default-cache-dropped: caches that replace cache.nixos.org.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "default-cache-dropped";

test("mkForce, the text of extraOptions, nixConfig and nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.substituters = "https://mine.cachix.org";
            ^^^^^^^^^^^^ warning default-cache-dropped (review): whoever accepts this nixConfig no longer asks cache.nixos.org: substituters replaces the list, so all of nixpkgs that the others lack is built from source
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; };
    nixosConfigurations.b = nixpkgs.lib.nixosSystem { modules = [ ./b.nix ]; };
  };
}
#- a.nix
{ lib, ... }: { nix.settings.substituters = lib.mkForce [ "https://cache.example.org" "ssh://nix-ssh@stage" ]; }
                             ^^^^^^^^^^^^ warning default-cache-dropped (review): host "a" no longer asks cache.nixos.org: mkForce replaces the list, so all of nixpkgs that the others lack is built from source
#- b.nix
{ nix.extraOptions = ''
  substituters = https://mine.cachix.org
  ^^^^^^^^^^^^ warning default-cache-dropped (review): host "b" no longer asks cache.nixos.org: nix.extraOptions replaces the list, so all of nixpkgs that the others lack is built from source
''; }
#- nix.conf
substituters = https://mine.cachix.org
^^^^^^^^^^^^ warning default-cache-dropped (review): this Nix no longer asks cache.nixos.org: substituters replaces the list, so all of nixpkgs that the others lack is built from source
`,
  );
});

test("lists that are joined, mirrors and proxies, the cache itself, and an empty list", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { lib, ... }: { nix.settings.substituters = if builtins.getEnv "X" == "" then [ "https://mine.cachix.org" ] else [ ]; };
  b = { lib, ... }: { nix.settings.substituters = lib.mkForce [ "https://mirrors.tuna.tsinghua.edu.cn/nix-channels/store" "https://mine.cachix.org" ]; };
  c = { lib, ... }: { nix.settings.substituters = lib.mkForce [ "http://nas:5000" ]; };
  d = { lib, ... }: { nix.settings.substituters = lib.mkForce [ "https://mine.cachix.org" "https://cache.nixos.org" ]; };
  e = { lib, ... }: { nix.settings.substituters = lib.mkForce [ ]; };
  f = { lib, caches, ... }: { nix.settings.substituters = lib.mkForce caches; };
  g = { nix.extraOptions = "extra-substituters = https://mine.cachix.org"; };
}
#- nix.conf
substituters = https://mine.cachix.org https://cache.nixos.org
`,
  );
});

test("one fix takes mkForce away", () => {
  checkFix(
    CODE,
    nix`
{ lib, ... }:
{ nix.settings.subst$0ituters = lib.mkForce [ "https://mine.cachix.org" ]; }
`,
    nix`
{ lib, ... }:
{ nix.settings.substituters = [ "https://mine.cachix.org" ]; }
`,
    "Remove",
  );
});

test("another adds the cache", () => {
  checkFix(
    CODE,
    nix`
{ lib, ... }:
{ nix.settings.subst$0ituters = lib.mkForce [ "https://mine.cachix.org" ]; }
`,
    nix`
{ lib, ... }:
{ nix.settings.substituters = lib.mkForce [ "https://mine.cachix.org" "https://cache.nixos.org/" ]; }
`,
    "Add",
  );
});

test("a line of nix.conf adds instead of replacing", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
subst$0ituters = https://mine.cachix.org # ours
`,
    nix`
#- nix.conf
extra-substituters = https://mine.cachix.org # ours
`,
  );
});

test("mkForce under a condition, and a number in words", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ config, lib, ... }: { networking.hostName = "a"; nix.settings.substituters = lib.mkIf config.x.y (lib.mkForce [ "https://a.example.org" ]); }
                                                                ^^^^^^^^^^^^ warning default-cache-dropped (review): host "a" no longer asks cache.nixos.org (where config.x.y): mkForce replaces the list, …
#- b/configuration.nix
{ lib, ... }: { networking.hostName = "b"; nix.settings.substituters = lib.mkOverride 10 [ "https://a.example.org" ]; }
                                                        ^^^^^^^^^^^^ warning default-cache-dropped (review): host "b" no longer asks cache.nixos.org: mkOverride replaces the list, …
`,
  );
});

test("a flake that has both lists keeps both names", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://b.example.org" ]; substi$0tuters = [ "https://a.example.org" ]; }; outputs = { ... }: { }; }
`,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://b.example.org" ]; substituters = [ "https://a.example.org" "https://cache.nixos.org/" ]; }; outputs = { ... }: { }; }
`,
  );
});

test("an older name keeps its priority", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.binaryCaches = lib.mkForce [ "https://a.example.org" ]; }
                    ^^^^^^^^^^^^ warning default-cache-dropped (review): …
`,
  );
  checkClean(
    CODE,
    nix`{ nix.binaryCaches = [ "https://a.example.org" ]; nix.settings.substituters = [ "https://b.example.org" ]; }`,
  );
});

test("a host that asks no cache at all", () => {
  checkClean(
    CODE,
    nix`{ lib, ... }: { nix.settings = { substituters = lib.mkForce [ "https://a.example.org" ]; substitute = false; }; }`,
  );
});
