// trusted-users-too-wide.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "trusted-users-too-wide";

test("everybody, by two names", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix.trustedUsers = [ "root" "@users" ]; }
                               ^^^^^^ warning trusted-users-too-wide: every ordinary user (group users) is a trusted user of Nix, which is the same as root
#- nix.conf
trusted-users = *
                ^ warning trusted-users-too-wide: everybody on the host is a trusted user of Nix, which is the same as root
`,
  );
});

test("named users and an administrators' group", () => {
  checkClean(
    CODE,
    nix`{ nix.settings.trusted-users = [ "root" "deploy" "@wheel" ]; nix.settings.allowed-users = [ "*" ]; }`,
  );
});

test("nix-ssh needs no trust to be read from", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe.enable = true; nix.settings.trusted-users = [ "nix-ssh" ]; };
                                                                    ^^^^^^^ warning trusted-users-too-wide: nix-ssh is a trusted user on host "a", which is the same as root, but the store there is only read over SSH and needs no trust
}
`,
  );
});

test("with uploads another rule speaks, and unknown ways of serving are not judged", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe = { enable = true; write = true; }; nix.settings.trusted-users = [ "nix-ssh" ]; };
  b = { how, ... }: { nix.sshServe = { enable = true; protocol = how; }; nix.settings.trusted-users = [ "nix-ssh" ]; };
}
`,
  );
});

test("serving under a condition trusts nobody as long as nix.sshServe.trusted is off", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ environment ? "production", ... }: { nix.sshServe.enable = environment == "stage"; }
`,
  );
});

test("an option that trusts nix-ssh is marked itself", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe = { enable = true; trusted = true; }; };
                                        ^^^^^^^ warning trusted-users-too-wide: nix.sshServe.trusted makes nix-ssh a trusted user on host "a", which is the same as root, but the store there is only read over SSH and needs no trust
}
`,
  );
});
