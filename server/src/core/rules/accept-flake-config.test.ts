// accept-flake-config.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "accept-flake-config";

test("accepted globally, under a condition", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, dev, ... }: { nix.settings = lib.mkIf dev { accept-flake-config = true; }; }
                                                                         ^^^^ warning accept-flake-config: every flake may change the settings of Nix, hooks and signature checks included (where dev): for trusted users that is root
`,
  );
});

test("a value that has a name is found once, where it is written", () => {
  checkDiagnostics(
    CODE,
    nix`
{ lib, ... }: let yes = true; in { nix.settings.accept-flake-config = lib.mkForce yes; }
                        ^^^^ warning accept-flake-config: every flake may change…
`,
  );
});

test("asked about", () => {
  checkClean(CODE, nix`{ nix.settings.accept-flake-config = false; }`);
});

test("a flake says nothing about other flakes", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig.accept-flake-config = true; outputs = { self }: { }; }
`,
  );
});
