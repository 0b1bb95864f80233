// substituter-unknown-scheme and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-unknown-scheme";

test("schemes that no Nix knows", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "htps://cache.example.org" "gopher://x" "HTTPS://a.example.org" ]; }
                                 ^^^^ error substituter-unknown-scheme (fix): Nix knows no store with the scheme "htps": it skips htps://cache.example.org with a warning
                                                            ^^^^^^ error substituter-unknown-scheme: …
                                                                         ^^^^^ error substituter-unknown-scheme (fix): Nix writes the scheme "HTTPS" in lower case: …
`,
  );
});

test("a letter is put right", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ht$0ps://cache.example.org" ]; }`,
    nix`{ nix.settings.substituters = [ "https://cache.example.org" ]; }`,
  );
});

test("scp becomes ssh", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.extra-substituters = [ "s$0cp://nix-ssh@stage.example.org" ]; }`,
    nix`{ nix.settings.extra-substituters = [ "ssh://nix-ssh@stage.example.org" ]; }`,
  );
});

test("a scheme far from all others has no fix", () => {
  checkNoFix(CODE, nix`{ nix.settings.substituters = [ "go$0pher://x" ]; }`);
});

test("the schemes that Nix has", () => {
  checkClean(
    CODE,
    nix`{ scheme, ... }: { nix.settings.substituters = [ "https://a" "ssh-ng://b" "\${scheme}://c" "unix:///run/x" ]; }`,
  );
});
