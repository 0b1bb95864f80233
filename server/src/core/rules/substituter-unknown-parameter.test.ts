// substituter-unknown-parameter and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-unknown-parameter";

test("unknown names, missing and wrong values", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [
  "https://a.example.org?priorty=10"
                         ^^^^^^^ warning substituter-unknown-parameter (review): https stores have no parameter "priorty", so Nix ignores it; did you mean priority?
  "https://b.example.org?priority=low&trusted=True"
                                  ^^^ warning substituter-unknown-parameter: priority takes a number, not "low", so Nix skips this cache
                                              ^^^^ warning substituter-unknown-parameter: trusted takes true or false, not "True", so Nix skips this cache
  "ssh://nix-ssh@c.example.org?region=eu"
                               ^^^^^^ warning substituter-unknown-parameter: ssh stores have no parameter "region", so Nix ignores it
]; }
`,
  );
});

test("the near name is put in", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "https://a.example.org?prio$0rty=10" ]; }`,
    nix`{ nix.settings.substituters = [ "https://a.example.org?priority=10" ]; }`,
  );
});

test("parameters that the stores have", () => {
  checkClean(
    CODE,
    nix`{ p, ... }: { nix.settings.substituters = [ "s3://bucket?region=eu-west-1&profile=x" "https://a?priority=\${p}&\${p}=1" ]; }`,
  );
});

test("no other name that would not take the value", () => {
  checkNoFix(CODE, nix`{ nix.settings.substituters = [ "ssh://h?comp$0ression=xz" ]; }`);
});

test("words that newer versions check", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "https://cache.example.org?compression=foo" ]; }
                                                                       ^^^ warning substituter-unknown-parameter: compression takes one of xz, bzip2, gzip, zstd, none, br, compress, grzip, lrzip, lz4, lzip, lzma, lzop, not "foo", so Nix 2.34 and newer skip this cache
`,
  );
});
