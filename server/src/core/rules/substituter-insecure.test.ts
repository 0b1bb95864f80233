// substituter-insecure and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-insecure";

test("plain HTTP to a public host", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "http://cache.nixos.org" ]; }
                                 ^^^^ information substituter-insecure (review): cache.nixos.org is asked over plain HTTP: …
`,
  );
});

test("the scheme is replaced", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ht$0tp://cache.nixos.org" ]; }`,
    nix`{ nix.settings.substituters = [ "https://cache.nixos.org" ]; }`,
  );
});

test("private and overlay addresses", () => {
  checkClean(
    CODE,
    nix`
{ host, ... }: { nix.settings.substituters = [
  "http://127.0.0.1:5000" "http://192.168.1.2" "http://100.100.1.1" "http://[fd00::1]:5000" "http://[::1]" "http://nas"
  "http://cache.tail1234.ts.net" "http://cache.lan" "http://\${host}.example.org"
]; }
`,
  );
});

test("names under a word that is no public top-level domain", () => {
  checkClean(
    CODE,
    nix`
{ nix.settings.substituters = [
  "http://cache.prism.r" "http://harmonia.haleakala" "http://storage.nix-cache:48080?priority=8" "http://cache.titan.hyprspace"
  "http://nas.home.arpa" "http://cache.internal" "http://nas.local"
]; }
`,
  );
});

test("public names of every kind", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [
  "http://cache.example.de"
   ^^^^ information substituter-insecure (review): cache.example.de is asked over plain HTTP: …
  "http://cache.example.cloud"
   ^^^^ information substituter-insecure (review): cache.example.cloud is asked over plain HTTP: …
  "http://8.8.8.8"
   ^^^^ information substituter-insecure (review): 8.8.8.8 is asked over plain HTTP: …
]; }
`,
  );
});

test("the condition under which it is asked", () => {
  checkDiagnostics(
    CODE,
    nix`
{ config, lib, ... }: { nix.settings.substituters = lib.optional config.my.fast "http://cache.example.de"; }
                                                                                 ^^^^ information substituter-insecure (review): cache.example.de is asked over plain HTTP (where config.my.fast): …
`,
  );
});
