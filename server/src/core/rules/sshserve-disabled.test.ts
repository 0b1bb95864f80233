// sshserve-disabled: keys of stores that are not served.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-disabled";

test("keys without the switch are found, once for all hosts that read them", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = ./keys.nix;
  b = ./keys.nix;
}
#- keys.nix
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }
               ^^^^ information sshserve-disabled (review): these keys have no effect on each of the hosts "a" and "b": nix.sshServe.enable is false there
`,
  );
});

test("one host that serves is what they are for", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = ./keys.nix;
  b = { imports = [ ./keys.nix ]; nix.sshServe.enable = true; };
}
#- keys.nix
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }
`,
  );
});

test("the fix switches it on beside the keys", () => {
  checkFix(
    CODE,
    nix`
{
  nix.sshServe.ke$0ys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ];
}
`,
    nix`
{
  nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ];
  nix.sshServe.enable = true;
}
`,
  );
});

test("no second switch where one takes no effect", () => {
  checkNoFix(
    CODE,
    nix`
{ lib, ... }:
{
  nix.sshServe = {
    enable = lib.mkIf false true;
    ke$0ys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ];
  };
}
`,
  );
});
