// nixconfig-not-literal and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "nixconfig-not-literal";

test("everything that Nix would have to evaluate", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig = {
    a = null;
        ^^^^ error nixconfig-not-literal: nixConfig.a holds null, which Nix takes for no setting: the flake cannot be used at all
    extra-substituters = [ "https://\${host}" (import ./x.nix) ];
                           ^^^^^^^^^^^^^^^^^^ error nixconfig-not-literal: nixConfig.extra-substituters holds an interpolation, …
                                               ^^^^^^^^^^^^^^ error nixconfig-not-literal: nixConfig.extra-substituters holds a function call, …
    connect-timeout = 1.5;
                      ^^^ error nixconfig-not-literal: nixConfig.connect-timeout holds a floating-point number, …
  };
  outputs = _: { };
}
#- b/flake.nix
{
  nixConfig = let x = 1; in { connect-timeout = x; };
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error nixconfig-not-literal: nixConfig holds a \`let\`, but …
}
`,
  );
});

test("a computed list is written out", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = [ "https://a.example.org" ] $0++ [ "https://b.example.org" ]; outputs = _: { }; }
`,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = [ "https://a.example.org" "https://b.example.org" ]; outputs = _: { }; }
`,
  );
});

test("literals", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://a.example.org" ]; connect-timeout = 5; accept-flake-config = false; bash-prompt = "x"; }; outputs = _: { }; }
#- other.nix
{ nixConfig = let x = 1; in { }; }
`,
  );
});

test("only strings stand in a list", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = [ 5 "https://a.example.org" ]; outputs = { ... }: { }; }
                                   ^ error nixconfig-not-literal: nixConfig.extra-substituters holds a number in a list…
`,
  );
});
