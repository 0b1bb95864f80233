// setting-twice: assignments of which one counts.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-twice";

test("lines of one text, and an extra line before its base", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
cores = 2
^^^^^ warning setting-twice: this cores has no effect: a later line sets cores again, and the last one wins
extra-substituters = https://a
^^^^^^^^^^^^^^^^^^ warning setting-twice: this extra-substituters adds to what the list was before: a later line sets substituters again, and the last one wins
binary-caches = https://b
cores = 4
`,
  );
});

test("nix.settings and nix.extraOptions of one host", () => {
  checkDiagnostics(
    CODE,
    nix`
{
  nix.settings.experimental-features = [ "nix-command" "flakes" ];
  nix.extraOptions = ''
    experimental-features = nix-command
    ^^^^^^^^^^^^^^^^^^^^^ warning setting-twice (review): this line replaces all of nix.settings.experimental-features on host "w", because nix.extraOptions stands last in nix.conf
  '';
}
`,
  );
});

test("the same value twice, extra lines, other hosts, and conditions", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.settings.experimental-features = [ "flakes" "nix-command" ]; nix.extraOptions = "experimental-features = nix-command flakes"; };
  b = { nix.settings.substituters = [ "https://a" ]; nix.extraOptions = "extra-substituters = https://b"; };
  c = { lib, ... }: { nix.settings.cores = lib.mkIf (builtins.getEnv "X" == "") 2; nix.extraOptions = "cores = 4"; };
  d = { nix.settings.cores = 2; };
}
#- nix.conf
substituters = https://a
extra-substituters = https://b
`,
  );
});

test("the fix moves a list into the option", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.experimental-features = [ "nix-command" ];
  nix.extraOptions = ''
    experimental-$0features = nix-command flakes
    fallback = true
  '';
}
`,
    nix`
{
  nix.settings.experimental-features = [ "nix-command" "flakes" ];
  nix.extraOptions = ''
    fallback = true
  '';
}
`,
  );
});

test("the fix moves a number into the option", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.cores = 2;
  nix.extraOptions = ''
    cor$0es = 4
  '';
}
`,
    nix`
{
  nix.settings.cores = 4;
  nix.extraOptions = ''
  '';
}
`,
  );
});

test("two modules with different lines for one setting", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ imports = [ ./a.nix ]; networking.hostName = "web"; nix.extraOptions = "keep-outputs = true\nfallback = true"; }
                                                                          ^^^^^^^^^^^^ warning setting-twice: nix.extraOptions sets keep-outputs in two definitions on host "web": their texts are joined, and the last line wins
#- a.nix
{ nix.extraOptions = "keep-outputs = false\nfallback = true"; }
`,
  );
});

test("two definitions of the text in one file", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ lib, ... }:
{
  networking.hostName = "web";
  imports = [ { nix.extraOptions = "fallback = true"; } ];
  nix.extraOptions = lib.mkAfter ''
    fallback = false
    ^^^^^^^^ warning setting-twice: nix.extraOptions sets fallback in two definitions on host "web": their texts are joined, and the last line wins
  '';
}
`,
  );
});
