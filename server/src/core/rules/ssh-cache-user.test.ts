// ssh-cache-user: logins at hosts that serve their store.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-user";

test("no user and a login user are both not the one that is served", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; };
  prod = { nix.settings.substituters = [ "ssh://stage" "ssh://deploy@stage?priority=50" ]; };
                                                ^^^^^ warning ssh-cache-user (review): host "prod" asks "stage" as root, for no user is named, but that one serves its store to nix-ssh: the login is refused, or is more than a cache needs
                                                              ^^^^^^ warning ssh-cache-user (review): host "prod" asks "stage" as "deploy", but that one serves its store to nix-ssh: the login is refused, or is more than a cache needs
}
`,
  );
});

test("hosts that do not certainly serve may be asked as anybody", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  off = { };
  on = { nix.sshServe.enable = true; };
  prod = { user, ... }: { nix.settings.substituters = [ "ssh://off" "ssh://nix-ssh@on" "ssh://\${user}@on" ]; };
}
`,
  );
});

test("the fix names the user", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{ stage.nix.sshServe.enable = true; prod.nix.settings.substituters = [ "ssh://st$0age" ]; }
`,
    nix`
#- hive.nix
{ stage.nix.sshServe.enable = true; prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }
`,
  );
});

test("the fix replaces the user", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{ stage.nix.sshServe.enable = true; prod.nix.settings.substituters = [ "ssh://ro$0ot@stage" ]; }
`,
    nix`
#- hive.nix
{ stage.nix.sshServe.enable = true; prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }
`,
  );
});
