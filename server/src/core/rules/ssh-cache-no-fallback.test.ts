// ssh-cache-no-fallback: caches over SSH that every build hangs on.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-no-fallback";

test("an SSH cache without fallback is found, in options and in their text", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings.extra-substituters = [ "ssh://nix-ssh@stage.example.org" ];
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning ssh-cache-no-fallback (review): host "w" asks stage.example.org without fallback = true: while that machine is down every build there fails
  nix.extraOptions = ''
    extra-substituters = ssh-ng://cache@build.example.org
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning ssh-cache-no-fallback (review): host "w" asks build.example.org without fallback = true: while that machine is down every build there fails
  '';
}
`,
  );
});

test("fallback written in any way is enough; not knowing is too", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.settings = { substituters = [ "ssh://nix-ssh@x.example.org" ]; fallback = true; }; };
  b = { nix.settings.substituters = [ "ssh://nix-ssh@x.example.org" ]; nix.extraOptions = "fallback = true"; };
  c = { foo, ... }: { imports = [ foo.x ]; nix.settings.substituters = [ "ssh://nix-ssh@x.example.org" ]; };
  d = { foo, ... }: { nix.settings.substituters = [ "ssh://nix-ssh@x.example.org" ]; nix.settings.fallback = foo; };
  e = { foo, ... }: { nix.settings.substituters = [ "ssh://nix-ssh@x.example.org" ]; nix.extraOptions = foo; };
}
`,
  );
});

test("a written false is somebody's choice, and still reported", () => {
  checkNoFix(
    CODE,
    nix`
{ nix.settings = { substituters = [ "ssh://nix-ssh@x.exa$0mple.org" ]; fallback = false; }; }
`,
  );
});

test("the fix puts fallback beside the list, in its set", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings = {
    substituters = [
      "ssh://nix-ssh@x.exa$0mple.org" # the stage
    ]; # all of them
  };
}
`,
    nix`
{
  nix.settings = {
    substituters = [
      "ssh://nix-ssh@x.example.org" # the stage
    ]; # all of them
    fallback = true;
  };
}
`,
  );
});

test("a configuration that somebody else evaluates may get its fallback there", () => {
  checkClean(
    "ssh-cache-no-fallback",
    nix`
#- configuration.nix
{ environment, ... }: { nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=50" ]; }
`,
  );
});
