// cache-order: SSH caches without a priority.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "cache-order";

test("each SSH cache without a priority, on every surface", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{
  nix.settings.substituters = [ "ssh://nix-ssh@a?compress=true" "https://b" ];
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information cache-order (fix): a is asked before cache.nixos.org for every path, because a cache over SSH has priority 0 unless ?priority= says otherwise
  nix.settings.extra-substituters = if builtins.getEnv "X" == "" then [ "ssh-ng://nix-ssh@c" ] else [ ];
                                                                         ^^^^^^^^^^^^^^^^^^ information cache-order (fix): c is asked before cache.nixos.org for every path (where builtins.getEnv "X" == ""), because a cache over SSH has priority 0 unless ?priority= says otherwise
}
#- nix.conf
substituters = ssh://d https://cache.nixos.org
               ^^^^^^^ information cache-order (fix): d is asked before cache.nixos.org for every path, because a cache over SSH has priority 0 unless ?priority= says otherwise
`,
  );
});

test("priorities, other stores, lists that are only offered, and unknown queries", () => {
  checkClean(
    CODE,
    nix`
{ query, ... }:
{
  nix.settings.substituters = [ "ssh://a?priority=50" "https://b" "ssh://c\${query}" "ssh://localhost" ];
  nix.settings.trusted-substituters = [ "ssh://a" ];
}
`,
  );
});

test("the fix begins a query", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@$0a" ]; }`,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@a?priority=50" ]; }`,
  );
});

test("the fix continues a query", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@$0a?compress=true" ]; }`,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@a?compress=true&priority=50" ]; }`,
  );
});

test("a priority of its own before that of a full cache", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ networking.hostName = "web"; nix.settings.substituters = [ "ssh://nix-ssh@stage?priority=10" ]; }
                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information cache-order (review): on host "web" stage is asked before cache.nixos.org for every path, one SSH session each, because it has priority 10 against 40
#- nix.conf
substituters = ssh://stage?priority=40 https://cache.nixos.org
               ^^^^^^^^^^^^^^^^^^^^^^^ information cache-order (review): stage is asked before cache.nixos.org for every path, one SSH session each, because it has the same priority and stands first
`,
  );
});

test("the number is raised behind the full cache", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@stage?prio$0rity=10&compress=true" ]; }`,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@stage?priority=50&compress=true" ]; }`,
  );
});

test("nothing to come before, or behind it already", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ lib, ... }: { nix.settings.substituters = lib.mkForce [ "ssh://nix-ssh@stage" ]; }
#- other/nix.conf
substituters = https://cache.nixos.org?priority=10 ssh://stage?priority=20
`,
  );
});

test("a host name out of another list is not given a query", () => {
  checkNoFix(CODE, nix`{ nix.settings.substituters = map (h: "ssh://nix-ssh@\${h}") [ "st$0age" ]; }`);
});
