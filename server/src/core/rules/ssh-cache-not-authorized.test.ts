// ssh-cache-not-authorized: keys of clients that a serving host does not know.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-not-authorized";

test("a client whose root has another key is found", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage.nix.sshServe = { enable = true; keys = [ ]; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
                                      ^^^^^^^^^^^^^^^^^^^ information ssh-cache-not-authorized (review): the key of root on host "prod" is not in nix.sshServe.keys of "stage", so that one refuses the login
}
#- observed.json
[{ "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod" }]
`,
  );
});

test("nothing is said of unknown keys, unknown lists, and other identities", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage.nix.sshServe = { enable = true; keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 other comment" ]; };
  open = { keys, ... }: { nix.sshServe = { enable = true; keys = keys.all; }; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" "ssh://nix-ssh@open" ];
  silent.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
  other.nix.settings.substituters = [ "ssh://nix-ssh@stage?ssh-key=/etc/nix/id" ];
}
#- observed.json
[
  { "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod" },
  { "host": "other", "tier": "observed", "rootPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl" }
]
`,
  );
});

test("the fix adds the key to the list of the serving host", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage.nix.sshServe = { enable = true; keys = [ ]; };
  prod.nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
}
#- observed.json
[{ "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" }]
`,
    nix`
#- hive.nix
{
  stage.nix.sshServe = { enable = true; keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod" ]; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}
#- observed.json
[{ "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" }]
`,
  );
});
