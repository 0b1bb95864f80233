// sshserve-without-keys: stores that are served to nobody.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-without-keys";

test("a store is served and no key may log in", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe.enable = true; };
                     ^^^^^^ warning sshserve-without-keys: host "a" serves its store over SSH, but nix.sshServe.keys is empty: nobody can log in as nix-ssh
  b = { nix.sshServe = { enable = true; keys = [ ]; }; };
                         ^^^^^^ warning sshserve-without-keys: host "b" serves its store over SSH, but nix.sshServe.keys is empty: nobody can log in as nix-ssh
  c = { lib, ... }: { nix.sshServe.enable = builtins.getEnv "X" == ""; };
}
`,
  );
});

test("keys from elsewhere count, and keys that are not known", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { imports = [ ./keys.nix ]; nix.sshServe.enable = true; };
  b = { keys, ... }: { nix.sshServe = { enable = true; keys = keys.all; }; };
  c = { lib, ... }: { nix.sshServe = { enable = true; keys = lib.optional (builtins.getEnv "X" == "") "k"; }; };
  d = { nix.sshServe.keys = [ ]; };
}
#- keys.nix
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }
`,
  );
});

test("keys given to the user itself count", () => {
  checkClean(
    CODE,
    nix`
{
  nix.sshServe.enable = true;
  users.users.nix-ssh.openssh.authorizedKeys.keyFiles = [ ./root.pub ];
}
`,
  );
});

test("a command that sshd asks for keys", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{
  imports = [ ./ssh.nix ];
  nix.sshServe.enable = true;
}
#- ssh.nix
{ services.openssh = { authorizedKeysCommand = "/etc/keys"; authorizedKeysCommandUser = "nobody"; }; }
`,
  );
});
