// check-config-off and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "check-config-off";

test("the check is off", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: { nix.checkConfig = lib.mkForce false; }
                    ^^^^^^^^^^^ warning check-config-off (fix): nix.checkConfig is off: …
`,
  );
});

test("the line is removed", () => {
  checkFix(
    CODE,
    nix`
{
  nix.check$0Config = false;
  nix.settings.fallback = true;
}
`,
    nix`
{
  nix.settings.fallback = true;
}
`,
  );
});

test("on, or not known", () => {
  checkClean(CODE, nix`{ config, ... }: { nix.checkConfig = config.x; }`);
});

test("a comment behind it is kept on a line of its own", () => {
  checkFix(
    CODE,
    nix`
{
  nix = {
    check$0Config = false; # broken with the overlay
    settings.fallback = true;
  };
}
`,
    nix`
{
  nix = {
    # broken with the overlay
    settings.fallback = true;
  };
}
`,
  );
});
