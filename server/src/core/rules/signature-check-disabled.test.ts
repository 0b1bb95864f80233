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

test("a definition that a stronger one overrides on every host that reads it says nothing", () => {
  checkClean(
    CODE,
    nix`
#- configuration.nix
{ lib, ... }: { imports = [ ./weak.nix ]; nix.settings.require-sigs = lib.mkForce true; }
#- weak.nix
{ nix.settings.require-sigs = false; nix.settings.substituters = [ "https://a.example.org" ]; }
`,
  );
});

test("one that is overridden under a condition only, or on one host of two, still counts", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./weak.nix { nix.settings.require-sigs = nixpkgs.lib.mkForce true; } ]; };
    nixosConfigurations.b = nixpkgs.lib.nixosSystem { modules = [ ./weak.nix ]; };
  };
}
#- weak.nix
{ nix.settings.require-sigs = false; }
                              ^^^^^ warning signature-check-disabled: require-sigs = false: …
#- other/configuration.nix
{ config, lib, ... }: { imports = [ ./weak.nix ]; nix.settings.require-sigs = lib.mkIf config.x.y (lib.mkForce true); }
#- other/weak.nix
{ nix.requireSignedBinaryCaches = false; }
                                  ^^^^^ warning signature-check-disabled: requireSignedBinaryCaches = false: …
`,
  );
});

test("what is read and found again by evaluation is said once, at the value itself", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, lib, ... }: { nix.settings = lib.mkIf config.x.y { require-sigs = lib.mkForce false; }; }
                                                                                        ^^^^^ warning signature-check-disabled: require-sigs = false (where config.x.y): …
`,
  );
});

test("the machine's own store needs no signature from itself", () => {
  checkClean(CODE, nix`{ nix.settings.substituters = [ "auto?trusted=1" "daemon?trusted=true" ]; }`);
});

test("a host that is not known is no reason to say an odd character", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, ... }: { nix.settings.substituters = [ "http://\${config.services.ncro.listen}?trusted=true" ]; }
                                                                                         ^^^^^^^^^^^^ warning signature-check-disabled: paths from … are accepted without a signature: …
`,
  );
});

test("a text is no value of the option, so it turns nothing off", () => {
  checkClean(CODE, nix`{ nix.requireSignedBinaryCaches = "false"; }`);
});

test("machines of a NixOS test live for minutes", () => {
  checkClean(
    CODE,
    nix`
#- tests/cache.nix
{ pkgs, ... }: pkgs.testers.runNixOSTest { name = "cache"; nodes.a = { nix.settings.require-sigs = false; }; testScript = ""; }
`,
  );
});
