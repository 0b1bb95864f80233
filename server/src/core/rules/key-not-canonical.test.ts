// key-not-canonical and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-not-canonical";

test("a pasted prompt behind the key", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=%" ]; }
                                                                                        ^ information key-not-canonical (fix): the key "a-1" has text after its end: Nix accepts it, other tools may not
`,
  );
});

test("the padding is put back", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg$0" ]; }`,
    nix`{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }`,
  );
});

test("a canonical key", () => {
  checkClean(
    CODE,
    nix`{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }`,
  );
});

test("whole keys in one string are split by nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg= b-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
                                                                                        ^ information key-not-canonical (fix): several keys stand in one string: it works only because nix.conf is split at blanks
`,
  );
});
