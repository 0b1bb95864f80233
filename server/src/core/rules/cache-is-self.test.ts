// cache-is-self: hosts that ask themselves.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "cache-is-self";

test("a shared module makes the serving host ask itself", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage = { imports = [ ./caches.nix ]; nix.sshServe.enable = true; };
  prod = ./caches.nix;
}
#- caches.nix
{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }
                                 ^^^^^^^^^^^^^^^^^^^ warning cache-is-self: host "stage" substitutes from itself: it is asked for every path that it does not have
`,
  );
});

test("other hosts, services with more than the store, and this machine by address", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage = { networking.hostName = "stage"; networking.domain = "example.org"; nix.settings.substituters = [ "https://stage.example.org/attic" "http://localhost:8501" "ssh://nix-ssh@prod" ]; };
  prod = { networking.hostName = "prod"; nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ]; };
}
`,
  );
});

test("the fix leaves the cache out on that host", () => {
  checkFix(
    CODE,
    nix`
{ config, ... }:
{
  networking.hostName = "stage";
  nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
}
`,
    nix`
{ config, ... }:
{
  networking.hostName = "stage";
  nix.settings.substituters = if config.networking.hostName != "stage" then [ "ssh://nix-ssh@stage" ] else [ ];
}
`,
  );
});

test("a module that does not take config yet gets it", () => {
  const hive = (module: string) => `#- hive.nix
{
  stage = { imports = [ ./caches.nix ]; networking.hostName = "stage"; nix.sshServe.enable = true; };
  prod = ./caches.nix;
}
#- caches.nix
${module}
`;
  checkFix(
    CODE,
    hive('{ lib, ... }: { nix.settings.substituters = lib.mkAfter [ "ssh://nix-$0ssh@stage" ]; }'),
    hive(
      '{ config, lib, ... }: { nix.settings.substituters = lib.mkAfter (if config.networking.hostName != "stage" then [ "ssh://nix-ssh@stage" ] else [ ]); }',
    ),
  );
  checkFix(
    CODE,
    hive('{\n  lib,\n  ...\n}:\n{ nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ]; }'),
    hive(
      '{\n  config,\n  lib,\n  ...\n}:\n{ nix.settings.substituters = if config.networking.hostName != "stage" then [ "ssh://nix-ssh@stage" ] else [ ]; }',
    ),
  );
});

test("a file that is no function gets no fix", () => {
  checkNoFix(
    CODE,
    nix`
{ networking.hostName = "stage"; nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ]; }
`,
  );
});
