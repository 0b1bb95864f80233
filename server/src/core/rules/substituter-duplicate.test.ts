// substituter-duplicate and its fix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-duplicate";

test("two spellings of one cache", () => {
  checkDiagnostics(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://cache.nixos.org/
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ hint substituter-duplicate (fix): https://cache.nixos.org/ stands in this list already
`,
  );
});

test("the repetition is taken out of the line", () => {
  checkFix(
    CODE,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://cache.nixos.org/$0 https://b.example.org
`,
    nix`
#- nix.conf
substituters = https://cache.nixos.org https://b.example.org
`,
  );
});

test("one cache in two lists", () => {
  checkClean(
    CODE,
    nix`{ nix.settings = { substituters = [ "https://a.example.org" ]; trusted-substituters = [ "https://a.example.org" ]; }; }`,
  );
});

test("empty entries leave nothing in nix.conf, not even twice", () => {
  checkClean(CODE, nix`{ nix.settings.substituters = [ "" "https://a.example.org" "" ]; }`);
});
