// substituter-duplicate and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-duplicate";

test("two spellings of one cache", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://cache.nixos.org/
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ hint substituter-duplicate (fix): https://cache.nixos.org/ stands in this list already
`,
  );
});

test("the repetition is taken out of the line", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://cache.nixos.org/$0 https://b.example.org
`,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://b.example.org
`,
  );
});

test("one cache in two lists", () => {
  checkClean(
    CODE,
    nix`{ nix.settings = { substituters = [ "https://a.example.org" ]; trusted-substituters = [ "https://a.example.org" ]; }; }`,
  );
});

test("empty entries leave nothing in nix.conf, not even twice", () => {
  checkClean(CODE, nix`{ nix.settings.substituters = [ "" "https://a.example.org" "" ]; }`);
});

test("the same cache from two modules of a host; what more hosts read stays", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { imports = [ ./common.nix ]; nix.settings.substituters = [ "https://b.example.org" "https://a.example.org/" ]; };
                                                                                           ^^^^^^^^^^^^^^^^^^^^^^ hint substituter-duplicate (review): https://a.example.org/ stands in this list already
  b.imports = [ ./common.nix ];
}
#- common.nix
{ nix.settings.substituters = [ "https://a.example.org" ]; }
`,
  );
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  a = { imports = [ ./common.nix ]; nix.binaryCaches = [ "https://b.example.org" "https://a.$0example.org/" ]; };
  b.imports = [ ./common.nix ];
}
#- common.nix
{ nix.settings.substituters = [ "https://a.example.org" ]; }
`,
    nix`
#- hive.nix
{
  a = { imports = [ ./common.nix ]; nix.binaryCaches = [ "https://b.example.org" ]; };
  b.imports = [ ./common.nix ];
}
#- common.nix
{ nix.settings.substituters = [ "https://a.example.org" ]; }
`,
  );
});

test("what another host needs, what hangs on a condition, and what a stronger definition replaces", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { lib, config, ... }: { imports = [ ./shared.nix ./other.nix ]; nix.settings.substituters = lib.mkIf config.x.y [ "https://a.example.org" ]; };
  b.imports = [ ./shared.nix ];
  c.imports = [ ./other.nix ];
  d = { lib, ... }: { imports = [ ./shared.nix ]; nix.settings.substituters = lib.mkForce [ "https://a.example.org" ]; };
}
#- shared.nix
{ nix.settings.substituters = [ "https://a.example.org" ]; }
#- other.nix
{ nix.settings.substituters = [ "https://a.example.org" ]; }
`,
  );
});
