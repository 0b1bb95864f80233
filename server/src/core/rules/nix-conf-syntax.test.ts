// nix-conf-syntax in files and in option text, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "nix-conf-syntax";

test("no blanks, a continued line, an include without a file", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
substituters=https://a.example.org
            ^ error nix-conf-syntax (fix): nix.conf wants blanks around =: every nix command fails on this line
trusted-users = root
  alice
  ^^^^^ error nix-conf-syntax (fix): nix.conf has no continued lines: every nix command fails on this line
include
^^^^^^^ error nix-conf-syntax: include takes exactly one file: every nix command fails on this line
`,
  );
});

test("blanks are put in, in an indented string too", () => {
  checkFix(
    CODE,
    nix`
{
  nix.extraOptions = ''
    secret-key-files=$0/etc/nix/key
  '';
}
`,
    nix`
{
  nix.extraOptions = ''
    secret-key-files = /etc/nix/key
  '';
}
`,
  );
});

test("good text, and text of unknown pieces", () => {
  checkClean(
    CODE,
    nix`
{ lib, extra, ... }:
{
  nix.extraOptions = ''
    \${extra}
    keep-outputs = true # why not
    \${lib.optionalString true "keep-derivations = true"}
  '';
}
`,
  );
});

test("several lines given to one setting", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.experimental-features = "nix-command\nflakes\n"; nix.settings.access-tokens = "a=b\n"; }
                                                   ^ error nix-conf-syntax: the value of experimental-features holds a line break: …
`,
  );
});

test("they become a list", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.extra-substituters = ''
    https://a.example.org$0
    https://b.example.org
  ''; }
`,
    nix`
{ nix.settings.extra-substituters = [ "https://a.example.org" "https://b.example.org" ]; }
`,
  );
});

test("a line that would continue a single value is not joined to it", () => {
  checkNoFix(
    CODE,
    nix`
#- nix.conf
connect-timeout = 5
  1$00
`,
  );
});
