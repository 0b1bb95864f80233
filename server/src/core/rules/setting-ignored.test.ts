// setting-ignored: settings where nobody looks for them.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-ignored";

test("what the machine alone decides, in a flake and in a user's nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{ nixConfig.trusted-users = [ "me" ]; outputs = { ... }: { }; }
            ^^^^^^^^^^^^^ warning setting-ignored: trusted-users has no effect in a flake's nixConfig: the daemon takes it from the nix.conf of its machine alone (nix.settings.trusted-users)
#- dotfiles/.config/nix/nix.conf
trusted-substituters = https://a
^^^^^^^^^^^^^^^^^^^^ warning setting-ignored: trusted-substituters has no effect in a user's own nix.conf: the daemon takes it from the nix.conf of its machine alone (nix.settings.trusted-substituters)
`,
  );
});

test("write over ssh-ng", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe = { enable = true; protocol = "ssh-ng"; write = true; keys = [ ]; }; }
                                                       ^^^^^ warning setting-ignored: write has no effect on host "w": with protocol = "ssh-ng" the daemon decides by signatures and trust what it takes
`,
  );
});

test("the same on the machine, and what a client may say", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://a" ]; extra-trusted-public-keys = [ "k" ]; }; outputs = { ... }: { }; }
#- etc/nix/nix.conf
trusted-users = root me
#- configuration.nix
{ nix.settings.trusted-users = [ "me" ]; nix.sshServe.write = true; }
`,
  );
});
