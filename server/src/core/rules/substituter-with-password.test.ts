// substituter-with-password.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-with-password";

test("a password in an https URL", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "https://user:secret@cache.example.org" ]; }
                                              ^^^^^^ error substituter-with-password: the password for cache.example.org stands in the URL: …
`,
  );
});

test("a user alone, an SSH user, and a password that is not known", () => {
  checkClean(
    CODE,
    nix`{ p, ... }: { nix.settings.substituters = [ "ssh://nix-ssh@a" "https://user@b" "https://user:\${p}@c" ]; }`,
  );
});
