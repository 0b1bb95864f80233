// signature-check-disabled on every surface.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "signature-check-disabled";

test("the setting, its old name and nix.conf text", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix.settings.require-sigs = false; }
                              ^^^^^ warning signature-check-disabled: require-sigs = false: …
#- b.nix
{ nix.requireSignedBinaryCaches = false; }
                                  ^^^^^ warning signature-check-disabled: requireSignedBinaryCaches = false: …
#- nix.conf
require-sigs = no
               ^^ warning signature-check-disabled: require-sigs = no: …
#- d.nix
{ nix.settings.substituters = [ "https://a.example.org?trusted=true" ]; }
                                                       ^^^^^^^^^^^^ warning signature-check-disabled: paths from a.example.org are accepted without a signature: …
`,
  );
});

test("signatures required, or not known", () => {
  checkClean(
    CODE,
    nix`{ config, ... }: { nix.settings.require-sigs = config.x; nix.settings.substituters = [ "https://a?trusted=false" ]; }`,
  );
});
