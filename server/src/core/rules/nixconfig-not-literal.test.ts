// nixconfig-not-literal and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
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
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error nixconfig-not-literal (review): nixConfig holds a \`let\`, but …
}
`,
  );
});

test("signs, selections from sets, search paths and assertions", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig = {
    max-jobs = -1;
               ^^ error nixconfig-not-literal: nixConfig.max-jobs holds a \`-\`, but Nix reads it without evaluating: …
    fallback = !false;
               ^^^^^^ error nixconfig-not-literal (review): nixConfig.fallback holds a \`!\`, …
    netrc-file = <secrets/netrc>;
                 ^^^^^^^^^^^^^^^ error nixconfig-not-literal: nixConfig.netrc-file holds a search path, …
    inherit (import ./x.nix) keep-outputs;
                             ^^^^^^^^^^^^ error nixconfig-not-literal: nixConfig.keep-outputs holds a selection, …
    cores = assert true; 1;
            ^^^^^^^^^^^^^^ error nixconfig-not-literal (review): nixConfig.cores holds an \`assert\`, …
  };
  outputs = _: { };
}
#- b/flake.nix
{ inherit (import ./x.nix) nixConfig; outputs = _: { }; }
                           ^^^^^^^^^ error nixconfig-not-literal: nixConfig holds a selection, …
`,
  );
});

test("a part of a list, a condition and a whole set are written out too", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = [ "https://\${"ca$0che"}.example.org" "https://b.example.org" ]; outputs = _: { }; }
`,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = [ "https://cache.example.org" "https://b.example.org" ]; outputs = _: { }; }
`,
  );
  checkFix(
    CODE,
    nix`
#- flake.nix
{ nixConfig = l$0et cache = "https://a.example.org"; in { extra-substituters = [ cache ]; fallback = true; }; outputs = _: { }; }
`,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://a.example.org" ]; fallback = true; }; outputs = _: { }; }
`,
  );
});

test("nothing is written over a comment", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.extra-substituters = [
    "https://a.example.org" # ours
  ] $0++ [ "https://b.example.org" ];
  outputs = _: { };
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
