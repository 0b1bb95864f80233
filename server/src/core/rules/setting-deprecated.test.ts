// setting-deprecated and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-deprecated";

test("old options and old settings", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix = { binaryCaches = [ ]; trustedUsers = [ "root" ]; readOnlyStore = true; }; }
          ^^^^^^^^^^^^ warning setting-deprecated (fix): nix.binaryCaches is called nix.settings.substituters since NixOS 22.05: every evaluation warns about it
                              ^^^^^^^^^^^^ warning setting-deprecated (fix): …
                                                         ^^^^^^^^^^^^^ warning setting-deprecated: nix.readOnlyStore is called boot.readOnlyNixStore since NixOS 22.11: …
#- nix.conf
extra-binary-caches = https://a.example.org
^^^^^^^^^^^^^^^^^^^ warning setting-deprecated (fix): extra-binary-caches is an old name of extra-substituters, which readers and tools look for
`,
  );
});

test("the new name takes the place of the old one", () => {
  checkFix(CODE, nix`{ nix.max$0Jobs = 4; }`, nix`{ nix.settings.max-jobs = 4; }`);
});

test("an inherited name is not renamed", () => {
  checkNoFix(CODE, nix`let maxJobs = 4; in { nix = { inherit max$0Jobs; }; }`);
});

test("current names", () => {
  checkClean(CODE, nix`{ nix.settings.max-jobs = 4; inputs.nix.maxJobs = 1; }`);
});

test("no new name that the set has already, or that a value stands in the way of", () => {
  checkNoFix(CODE, nix`{ nix.ma$0xJobs = 4; nix.settings.max-jobs = 8; }`);
  checkNoFix(
    CODE,
    nix`{ lib, ... }: { nix = { settings = lib.mkMerge [ ]; trus$0tedUsers = [ "alice" ]; }; }`,
  );
  checkNoFix(CODE, nix`{ nix = { settings = { cores = 2; }; build$0Cores = 4; }; }`);
});

test("what is gone is not called renamed", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.daemonNiceLevel = 5; }
      ^^^^^^^^^^^^^^^ warning setting-deprecated: nix.daemonNiceLevel is no option any more, so the configuration cannot be built; see nix.daemonCPUSchedPolicy
`,
  );
});

test("a name that Nix 2.8 knows, and the newer one not", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig.commit-lockfile-summary = "update"; outputs = { ... }: { }; }
`,
  );
});

test("items of the old list go into the new one where both are there", () => {
  checkFix(
    CODE,
    nix`
{
  nix.binary$0Caches = [ "https://a.example.org" "https://b.example.org" ];
  nix.settings.substituters = [ "https://c.example.org" ];
  networking.hostName = "web";
}
`,
    nix`
{
  nix.settings.substituters = [ "https://c.example.org" "https://a.example.org" "https://b.example.org" ];
  networking.hostName = "web";
}
`,
  );
  checkNoFix(
    CODE,
    nix`
{ lib, shared, ... }:
{
  nix.binary$0Caches = [ "https://a.example.org" ] ++ shared;
  nix.settings.substituters = [ "https://c.example.org" ];
}
`,
  );
  checkNoFix(
    CODE,
    nix`
{ lib, ... }:
{
  nix.binary$0Caches = lib.mkForce [ "https://a.example.org" ];
  nix.settings.substituters = [ "https://c.example.org" ];
}
`,
  );
});

test("no fix in a set whose other values may use the old name", () => {
  checkNoFix(CODE, nix`{ lib, ... }: { nix = with lib; rec { build$0Cores = 4; maxJobs = buildCores; }; }`);
});
