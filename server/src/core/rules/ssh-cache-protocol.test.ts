// ssh-cache-protocol: the scheme of the client and the protocol of the server.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-protocol";

test("each scheme is held against the protocol that is served", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  old = { nix.sshServe.enable = true; };
  new = { nix.sshServe = { enable = true; protocol = "ssh-ng"; }; };
  prod = { nix.settings.substituters = [ "ssh-ng://nix-ssh@old" "ssh://nix-ssh@new" ]; };
                                          ^^^^^^ error ssh-cache-protocol (review): host "prod" asks "old" by ssh-ng, but that one serves ssh: "protocol mismatch" ends every build
                                                                 ^^^ error ssh-cache-protocol (review): host "prod" asks "new" by ssh, but that one serves ssh-ng: "protocol mismatch" ends every build
}
`,
  );
});

test("the right scheme, another user and unknown protocols are left alone", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  old = { nix.sshServe.enable = true; };
  new = { nix.sshServe = { enable = true; protocol = if builtins.getEnv "X" == "" then "ssh" else "ssh-ng"; }; };
  off = { };
  prod = { nix.settings.substituters = [ "ssh://nix-ssh@old" "ssh-ng://root@old" "ssh-ng://nix-ssh@new" "ssh-ng://nix-ssh@off" ]; };
}
`,
  );
});

test("the fix matches the server", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; };
  prod = { nix.settings.substituters = [ "ssh-$0ng://nix-ssh@stage?priority=50" ]; };
}
`,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; };
  prod = { nix.settings.substituters = [ "ssh://nix-ssh@stage?priority=50" ]; };
}
`,
  );
});

test("a flake's nixConfig that asks a host of its own", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.extra-substituters = [ "ssh-ng://nix-ssh@stage" ];
                                    ^^^^^^ error ssh-cache-protocol (review): this nixConfig asks "stage" by ssh-ng, but that one serves ssh: "protocol mismatch" ends every build of who accepts it
  outputs = { nixpkgs, ... }: { nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ { nix.sshServe.enable = true; } ]; }; };
}
`,
  );
});
