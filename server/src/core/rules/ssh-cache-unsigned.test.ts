// ssh-cache-unsigned: serving hosts without a signing key.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-unsigned";

test("a serving host without a key is found where its clients ask it", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage.nix.sshServe.enable = true;
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
                                      ^^^^^^^^^^^^^^^^^^^ warning ssh-cache-unsigned: host "prod" wants signatures, but "stage" has no secret-key-files and signs nothing that it builds: those paths are refused and built again
}
`,
  );
});

test("the client's condition stands with what the client wants", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage.nix.sshServe.enable = true;
  prod = { config, lib, ... }: {
    nix.settings.substituters = lib.optional config.my.fast "ssh://nix-ssh@stage";
                                                             ^^^^^^^^^^^^^^^^^^^ warning ssh-cache-unsigned: host "prod" wants signatures (where config.my.fast), but "stage" has no secret-key-files and …
  };
}
`,
  );
});

test("keys written anywhere, hooks, and clients that want no signatures", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.nix = { sshServe.enable = true; settings.secret-key-files = "/run/keys/a"; };
  b.nix = { sshServe.enable = true; extraOptions = "secret-key-files = /run/keys/b"; };
  c.nix = { sshServe.enable = true; settings.post-build-hook = "/etc/sign"; };
  d = { foo, ... }: { nix.sshServe.enable = true; imports = [ foo.signing ]; };
  e.nix.sshServe.enable = true;
  prod.nix.settings.substituters = [ "ssh://nix-ssh@a" "ssh://nix-ssh@b" "ssh://nix-ssh@c" "ssh://nix-ssh@d" "ssh://nix-ssh@e?trusted=true" ];
  lax.nix.settings = { substituters = [ "ssh://nix-ssh@e" ]; require-sigs = false; };
}
`,
  );
});

test("the fix signs on the server", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; nix.settings.cores = 4; };
  prod.nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
}
`,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; nix.settings.cores = 4; nix.settings.secret-key-files = [ "/etc/nix/stage-1.secret" ]; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}
`,
  );
});
