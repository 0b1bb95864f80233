// sshserve-private-key: key text and key files.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "sshserve-private-key";

test("private key text", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe.keys = [ "-----BEGIN OPENSSH PRIVATE KEY-----" ]; }
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-private-key: a private key stands in nix.sshServe.keys: …
`,
  );
});

test("the path of a private key", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe.keys = [ ./keys/id_ed25519 ]; }
                        ^^^^^^^^^^^^^^^^^ error sshserve-private-key: id_ed25519 is the private key, …
`,
  );
});

test("a private key that is read into the list", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }:
let root = lib.fileContents /root/.ssh/id_rsa;
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-private-key: id_rsa is the private key, …
in {
  nix.sshServe.keys = [ root (builtins.readFile ./keys/id_ed25519) ];
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error sshserve-private-key: id_ed25519 is the private key, and reading it into nix.sshServe.keys copies it …
}
`,
  );
});

test("public keys and their files", () => {
  checkClean(
    CODE,
    nix`
{ nix.sshServe.keys = [ (builtins.readFile ./id_ed25519.pub) "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }
`,
  );
});
