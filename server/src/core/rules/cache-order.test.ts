// cache-order: SSH caches without a priority.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
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
