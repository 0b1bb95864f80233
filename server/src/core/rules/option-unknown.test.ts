// option-unknown and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "option-unknown";

test("misspelt options, and names of nix.conf in the wrong place", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.sshServe.key = [ ];
               ^^^ warning option-unknown (fix): the option nix.sshServe.key does not exist, so the configuration cannot be evaluated; did you mean nix.sshServe.keys?
  nix = { trusted-public-keys = [ ]; gc.automtic = true; };
          ^^^^^^^^^^^^^^^^^^^ warning option-unknown (fix): the option nix.trusted-public-keys does not exist, so the configuration cannot be evaluated; did you mean nix.settings.trusted-public-keys?
                                        ^^^^^^^^ warning option-unknown (fix): …
  programs.ssh.knownHosts.x.publickey = "";
                            ^^^^^^^^^ warning option-unknown (fix): …
}
`,
  );
});

test("the name is put right", () => {
  checkFix(CODE, nix`{ nix.substi$0tuters = [ ]; }`, nix`{ nix.settings.substituters = [ ]; }`);
});

test("real options, options of others, and what is no option", () => {
  checkClean(
    CODE,
    nix`
{
  nix = { package = x; optimise.automatic = true; generateNixPathFromInputs = true; settings.anything = 1; channels = { }; };
  services.openssh = { enable = true; settings.PermitRootLogin = "no"; };
  inputs.nix.packag = 1;
  packages.x86_64-linux.nix.packag = 1;
  settings.nix.packag = 1;
}
`,
  );
});

test("no fix where the right name is there too", () => {
  checkNoFix(CODE, nix`{ nix.sshServe = { keys = [ ]; ke$0y = [ ]; }; }`);
});

test("nix-on-droid has options that NixOS has not", () => {
  checkClean(
    CODE,
    nix`
#- hosts/phone/nix-on-droid.nix
{ nix.substituters = [ "https://cache.example.org" ]; }
#- hosts/tablet/default.nix
{
  environment.etcBackupExtension = ".bak";
  nix.trustedPublicKeys = [ ];
}
`,
  );
});

test("options that modules of the workspace declare exist", () => {
  checkClean(
    CODE,
    nix`
#- options.nix
{ lib, ... }:
let inherit (lib) mkOption; in
{
  options.nix.gc.dats = mkOption { };
  options = { nix.substituters = mkOption { }; };
  config.nix.gc.dats = "weekly";
}
#- host.nix
{ nix = { gc.dats = "daily"; substituters = [ ]; }; }
`,
  );
});
