// ssh-cache-key-untrusted: serving hosts whose signatures their clients refuse.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-key-untrusted";

test("a client that trusts public caches alone cannot trust the server", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/run/keys/stage" ]; };
  prod.nix.settings = {
    substituters = [ "ssh://nix-ssh@stage" "https://nix-community.cachix.org" ];
                      ^^^^^^^^^^^^^^^^^^^ warning ssh-cache-key-untrusted: host "prod" does not trust the key with which "stage" signs: paths that were built there are refused and built again
    trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
  };
}
`,
  );
});

test("a key that others trust under the server's name is the one that is missing", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/run/keys/stage" ]; };
  a.nix.settings = { substituters = [ "ssh://nix-ssh@stage" ]; trusted-public-keys = [ "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
  b.nix.settings = { substituters = [ "ssh://nix-ssh@stage" ]; trusted-public-keys = [ "other-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
                                       ^^^^^^^^^^^^^^^^^^^ warning ssh-cache-key-untrusted (review): host "b" does not trust the key "stage-1" with which "stage" signs: paths that were built there are refused and built again
}
`,
  );
});

test("an unknown key may be the server's, and an unknown list may hold it", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/run/keys/stage" ]; };
  a.nix.settings = { substituters = [ "ssh://nix-ssh@stage" ]; trusted-public-keys = [ "builder:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
  b = { keys, ... }: { nix.settings = { substituters = [ "ssh://nix-ssh@stage" ]; trusted-public-keys = [ keys.stage ]; }; };
  c.nix.settings.substituters = [ "ssh://nix-ssh@stage?trusted=1" ];
}
`,
  );
});

test("the fix trusts the key beside the cache", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/run/keys/stage" ]; settings.trusted-public-keys = [ "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
  prod = {
    nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
  };
}
`,
    nix`
#- hive.nix
{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/run/keys/stage" ]; settings.trusted-public-keys = [ "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; };
  prod = {
    nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
    nix.settings.trusted-public-keys = [ "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  };
}
`,
  );
});
