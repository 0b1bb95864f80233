// key-duplicate and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-duplicate";

test("the same key twice in one list", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [
  "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
  "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint key-duplicate (fix): the key "a-1" stands in this list already
]; }
`,
  );
});

test("the repetition is taken out with its line", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [
  "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
  "a-1:$0A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
]; }
`,
    nix`
{ nix.settings.trusted-public-keys = [
  "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
]; }
`,
  );
});

test("the two branches of an if do not repeat each other", () => {
  checkClean(
    CODE,
    nix`
{ c, ... }: { nix.settings.trusted-public-keys =
  if c then [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ] else [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});

test("a key that is there under a condition only is repeated by nothing that is always there", () => {
  checkClean(
    CODE,
    nix`
{ config, lib, ... }: { nix.settings.trusted-public-keys =
  lib.optional config.a.b "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ++ [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});

test("what is always there is repeated under a condition", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, lib, ... }: { nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]
  ++ lib.optional config.a.b "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="; }
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint key-duplicate: the key "a-1" stands in this list already
`,
  );
});

test("the same key from two modules of a host", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { imports = [ ./common.nix ]; nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint key-duplicate (review): the key "a-1" stands in this list already
  b.imports = [ ./common.nix ];
}
#- common.nix
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});
