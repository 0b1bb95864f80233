// cache-cycle: hosts that wait for each other.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "cache-cycle";

test("a circle of three is said once, with the others beside it", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@b" ]; };
                                                               ^^^^^^^^^^^^^^^ information cache-cycle: hosts substitute from each other in a circle (a ← b ← c ← a): no order of deploying feeds all of them
  b.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@c" ]; };
  c.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@a" ]; };
}
`,
  );
});

test("a chain, and a circle under a condition, are none", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.nix.sshServe.enable = true;
  b = { lib, ... }: { nix.sshServe.enable = true; nix.settings.substituters = lib.mkIf (builtins.getEnv "X" == "") [ "ssh://nix-ssh@c" ]; };
  c.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@a" "ssh://nix-ssh@b" ]; };
}
`,
  );
});

test("a circle over HTTP", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { services.nix-serve.enable = true; nix.settings.substituters = [ "http://b:5000" ]; };
                                                                         ^^^^^^^^^^^^^ information cache-cycle: hosts substitute from each other in a circle (a ← b ← a): …
  b = { services.harmonia.enable = true; nix.settings.substituters = [ "http://a:5000" "http://c:8080/attic" ]; };
  c = { services.harmonia.enable = true; nix.settings.substituters = [ "http://b:5000" ]; };
}
`,
  );
});
