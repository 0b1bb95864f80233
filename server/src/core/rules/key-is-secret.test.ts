// key-is-secret among trusted keys and anywhere else, and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "key-is-secret";

test("a secret key among the trusted keys", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==" ]; }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-is-secret (review): the secret half of "vector.example.org-1" stands among the public keys: everybody who can read this file can sign for it, and Nix refuses it, so nothing is substituted; rotate the key
`,
  );
});

test("a secret key in any other string", () => {
  checkDiagnostics(
    CODE,
    nix`
{ environment.etc.key.text = ''
    vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-is-secret (review): …
  ''; }
`,
  );
});

test("the fix puts the public half in its place", () => {
  checkFix(
    CODE,
    nix`
{ nix.settings.trusted-public-keys = [ "vector.example.org-1:$0AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==" ]; }
`,
    nix`
{ nix.settings.trusted-public-keys = [ "vector.example.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
`,
  );
});

test("a signature, which has the same form, is no secret", () => {
  checkClean(
    CODE,
    nix`{ sig = "vector.example.org-1:P42aqBHH1C1rSRiIYaDDdyLH8Ih0r/T1Z0+HuAzBWKYgM4CpYoTrbifP8zg/fbdArQzCFlowcFdOflvMcNZsBA=="; }`,
  );
});

test("a secret file of the work tree is found where the configuration names it", () => {
  checkDiagnostics(
    CODE,
    nix`
#- configuration.nix
{ services.nix-serve = { enable = true; secretKeyFile = ./keys/cache.pem; }; nix.settings.secret-key-files = [ ./keys/fine.pem ]; }
                                                        ^^^^^^^^^^^^^^^^ error key-is-secret: cache.pem holds the secret half of the cache key "vector.example.org-1": it is in the work tree, and a path copies it to the world-readable store; keep it on the host alone and rotate the key
#- keys/cache.pem
vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==
#- keys/fine.pem
encrypted
`,
  );
});

test("a secret in nix.conf text is reported once", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
trusted-public-keys = vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error key-is-secret (review): the secret half of "vector.example.org-1" stands among the public keys: …
`,
  );
});

test("a file of the work tree that any path names", () => {
  checkDiagnostics(
    CODE,
    nix`
#- module.nix
{ environment.etc."nix/key".text = builtins.readFile ./keys/cache.sec; environment.etc.logo.source = ./logo.txt; }
                                                     ^^^^^^^^^^^^^^^^ error key-is-secret: cache.sec holds the secret half of the cache key "vector.example.org-1": …
#- keys/cache.sec
vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==
#- logo.txt
nothing
`,
  );
});

test("a key that a test of NixOS makes up", () => {
  checkClean(
    CODE,
    nix`
{ testers }:
testers.runNixOSTest {
  nodes.cache.environment.etc."nix/signing-key".text = "vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
  testScript = "cache.wait_for_unit('nix-daemon')";
}
`,
  );
});
