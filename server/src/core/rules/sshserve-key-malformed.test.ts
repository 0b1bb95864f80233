// sshserve-key-malformed and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-key-malformed";

test("a truncated key under a condition", () => {
  checkDiagnostics(
    CODE,
    nix`
{ environment, ... }:
{ nix.sshServe.keys = if environment == "stage" then [ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB ship@yourapp" ] else [ ]; }
                                                                ^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-key-malformed: the key is cut off (where environment == "stage"): sshd skips this line, so its owner gets "Permission denied (publickey)"
`,
  );
});

test("a cache key and a path are no SSH keys", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe.keys = [
  "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-key-malformed: a binary cache key belongs in trusted-public-keys, not among SSH keys: …
  "~/.ssh/id_ed25519.pub"
   ^^^^^^^^^^^^^^^^^^^^^ error sshserve-key-malformed: "~/.ssh/id_ed25519.pub" is the path of a key, not the key itself: …
]; }
`,
  );
});

test("two keys in one string are split", () => {
  checkFix(
    CODE,
    nix`
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a, ssh-ed25519 $0AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 b" ]; }
`,
    nix`
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a" "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 b" ]; }
`,
  );
});

test("a key that was commented out is not let in again", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe.keys = [ "# ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a" ]; }
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-key-malformed: the entry is a comment, no public key: sshd skips this line, …
`,
  );
});

test("an empty entry is an empty line, which locks nobody out", () => {
  checkClean(
    CODE,
    nix`
{ config, lib, ... }: {
  nix.sshServe.keys = [
    (lib.optionalString config.services.hydra.enable "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55")
  ];
}
`,
  );
});

test("good keys, and what cannot be known", () => {
  checkClean(
    CODE,
    nix`
{ keys, ... }:
{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a@b" keys.x "ssh-ed25519 \${keys.y}" ] ++ keys.all; }
`,
  );
});
