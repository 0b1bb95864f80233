// sshserve-trusted-write: uploads from a trusted nix-ssh.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-trusted-write";

test("trusted by the option or by the list, with either way of uploading", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe = { enable = true; write = true; trusted = true; }; };
                                                      ^^^^^^^ warning sshserve-trusted-write: host "a" takes uploads over SSH (write = true) from nix-ssh, and nix-ssh is a trusted user: whoever holds one of nix.sshServe.keys is root there
  b = { nix.sshServe = { enable = true; protocol = "ssh-ng"; }; nix.settings.trusted-users = [ "nix-ssh" ]; };
                                                                                                ^^^^^^^ warning sshserve-trusted-write: host "b" takes uploads over SSH (protocol = "ssh-ng") from nix-ssh, and nix-ssh is a trusted user: whoever holds one of nix.sshServe.keys is root there
}
`,
  );
});

test("uploads alone, trust alone for a store that is only read, and what is off", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe = { enable = true; write = true; }; };
  b = { nix.sshServe = { enable = true; trusted = true; }; };
  c = { nix.sshServe = { write = true; trusted = true; }; };
}
`,
  );
});
