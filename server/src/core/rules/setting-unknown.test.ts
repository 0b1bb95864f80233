// setting-unknown and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-unknown";

test("misspelt names on every surface", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix.settings.trustedPublicKeys = [ ]; }
               ^^^^^^^^^^^^^^^^^ warning setting-unknown (fix): Nix has no setting "trustedPublicKeys", so the check of nix.conf stops the build of the system; did you mean trusted-public-keys?
#- b.nix
{
  nix.extraOptions = ''
    subsituters = https://a.example.org
    ^^^^^^^^^^^ warning setting-unknown (fix): …
  '';
}
#- flake.nix
{ nixConfig.extra-substituers = [ ]; outputs = _: { }; }
            ^^^^^^^^^^^^^^^^^ warning setting-unknown (fix): Nix has no setting "extra-substituers", so it is ignored without a word; did you mean extra-substituters?
#- nix.conf
extra-require-sigs = true
^^^^^^^^^^^^^^^^^^ warning setting-unknown: Nix has no setting "extra-require-sigs", so it is ignored with a warning
`,
  );
});

test("the near name is put in", () => {
  checkFix(
    CODE,
    nix`{ nix = { settings."substi$0tuerss" = [ ]; }; }`,
    nix`{ nix = { settings.substituters = [ ]; }; }`,
  );
});

test("names that some version of Nix has, and names that are computed", () => {
  checkClean(
    CODE,
    nix`
{ name, lib, ... }:
{
  nix.settings = {
    experimental-features = [ "nix-command" ]; extra-platforms = [ ]; repeat = 1; binary-caches = [ ]; extra-substituters = [ ];
    \${name} = true; lint-url-literals = "warn"; keep-outputs = true;
  };
}
`,
  );
});

test("a name that other versions or forks may know is left alone, one that none has is not", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings = {
    lazy-trees = true;
    eval-cores = 0;
    filetransfer-retry-max-delay = 1000;
    wholly_different = 1;
    ^^^^^^^^^^^^^^^^ warning setting-unknown: Nix has no setting "wholly_different", so the check of nix.conf stops the build of the system
    extra-fallback = true;
    ^^^^^^^^^^^^^^ warning setting-unknown: Nix has no setting "extra-fallback", so the check of nix.conf stops the build of the system
  };
}
`,
  );
});

test("a name that is a string somewhere else is not renamed", () => {
  checkNoFix(CODE, nix`{ lib, ... }: { nix.settings = lib.genAttrs [ "keep-deri$0vation" ] (_: true); }`);
});

test("settings of something else that people called nix, and modules below other options", () => {
  checkClean(
    CODE,
    nix`{ services.btrbk.instances."nix" = { onCalendar = "hourly"; settings = { snapshot_create = "onchange"; }; }; }`,
  );
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ services.foo.vms.a.config.nix.settings.substituers = [ ]; }
                                         ^^^^^^^^^^^ warning setting-unknown (fix): …
`,
  );
});

test("the condition of the text in which it stands", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, lib, ... }: { nix.extraOptions = lib.optionalString config.my.fast "fallbak = true"; }
                                                                              ^^^^^^^ warning setting-unknown (fix): Nix has no setting "fallbak" (where config.my.fast), so the check …
`,
  );
});
