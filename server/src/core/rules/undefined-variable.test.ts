// What undefined-variable finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "undefined-variable";

test("a misspelt argument", () => {
  checkDiagnostics(
    CODE,
    nix`
{ pkgs, ... }: { a = pkg.git; }
                     ^^^ error undefined-variable: undefined variable 'pkg'
`,
  );
});

test("with, builtins, and files that are not Nix yet", () => {
  checkClean(
    CODE,
    nix`
#- a.nix
{ pkgs, ... }: { a = with pkgs; [ git ]; b = map toString [ ]; }
#- b.nix
{ a = pkg.; }
`,
  );
});
