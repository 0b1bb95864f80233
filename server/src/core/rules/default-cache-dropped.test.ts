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
