// key-without-cache: keys of caches that nobody asks.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-without-cache";

test("a well-known and a Cachix key without their caches", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = ./keys.nix;
  b = ./keys.nix;
}
#- keys.nix
{
  nix.settings.trusted-public-keys = [
    "cache.garnix.io:CTFPyKSLcx5RMJKfLo5EEPUObbA78b0YQ2DTCJXqr9g="
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information key-without-cache (review): each of the hosts "a" and "b" trusts "cache.garnix.io", but asks https://cache.garnix.io for nothing: no list of caches names it
    "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information key-without-cache (review): each of the hosts "a" and "b" trusts "mine.cachix.org-1", but asks https://mine.cachix.org for nothing: no list of caches names it
  ];
}
`,
  );
});

test("caches that are asked or may be chosen, the default key, hosts' own keys, and proxies", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings = {
    trusted-public-keys = [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" "host-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
    trusted-substituters = [ "https://mine.cachix.org" ];
  };
  b.nix.settings = { trusted-public-keys = [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; substituters = [ "http://ncps:8501" ]; };
  c = { m, ... }: { imports = [ m.caches ]; nix.settings.trusted-public-keys = [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
}
`,
  );
});

test("one fix asks the cache", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.trusted-public-keys = [ "mine.ca$0chix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
}
`,
    nix`
{
  nix.settings.trusted-public-keys = [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  nix.settings.substituters = [ "https://mine.cachix.org" ];
}
`,
    "Ask",
  );
});

test("the other takes the key out", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "mine.ca$0chix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
}
`,
    nix`
{
  nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
}
`,
    "Stop",
  );
});

test("a mirror of cache.nixos.org has no other cache's paths", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings.substituters = [ "https://mirrors.ustc.edu.cn/nix-channels/store" ];
  nix.settings.trusted-public-keys = [ "mine.cachix.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information key-without-cache (review): host "w" trusts "mine.cachix.org-1", but asks https://mine.cachix.org for nothing: no list of caches names it
}
`,
  );
});
