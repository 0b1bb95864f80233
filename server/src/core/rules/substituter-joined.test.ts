// substituter-joined and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-joined";

test("two URLs in one string", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.settings.substituters = [ "https://a.example.org https://b.example.org" ]; }
                                                      ^ information substituter-joined (fix): several URLs stand in one string: it works only because nix.conf is split at blanks
`,
  );
});

test("they are split", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "https://a.example.org$0 https://b.example.org" ]; }`,
    nix`{ nix.settings.substituters = [ "https://a.example.org" "https://b.example.org" ]; }`,
  );
});

test("a flake's string is split by Nix itself", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig.extra-substituters = "https://a.example.org https://b.example.org"; outputs = _: { }; }
`,
  );
});
