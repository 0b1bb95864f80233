// What syntax finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "syntax";

test("what Nix cannot read", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.gc = ; }
         ^ error syntax: missing value
`,
  );
});

test("what it can", () => {
  checkClean(
    CODE,
    nix`
{ pkgs, ... }: { nix.gc.automatic = true; }
`,
  );
});

test("a template becomes Nix when its placeholders are filled in", () => {
  checkClean(
    CODE,
    nix`
{
  imports = [
    ./base.nix
    @customizationModule@
  ];
}
`,
  );
});
