// What hive-unknown-option finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "hive-unknown-option";

test("misspelt options at each level", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  meta.nixpkg = <nixpkgs>;
       ^^^^^^ warning hive-unknown-option (fix): colmena has no option meta.nixpkg, so the hive cannot be evaluated; did you mean nixpkgs?
  meta.somethingElse = 1;
       ^^^^^^^^^^^^^ warning hive-unknown-option: colmena has no option meta.somethingElse, so the hive cannot be evaluated
  web = { deployment.targetHots = "web"; deployment.keys.a = { text = "x"; permission = "0400"; }; };
                     ^^^^^^^^^^ warning hive-unknown-option (fix): colmena has no option deployment.targetHots, so the hive cannot be evaluated; did you mean targetHost?
                                                                           ^^^^^^^^^^ warning hive-unknown-option (fix): colmena has no option deployment.keys.a.permission, so the hive cannot be evaluated; did you mean permissions?
}
`,
  );
});

test("the name is put right", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  web = { deployment.target$0Hots = "web"; };
}
`,
    nix`
#- hive.nix
{
  web = { deployment.targetHost = "web"; };
}
`,
  );
});

test("options of other modules, conditions", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  web = { lib, config, ... }: { deployment.provisioning = true; deployment.keys.a = lib.mkIf config.x { text = ""; }; deployment.tags = lib.mkForce [ ]; };
}
`,
  );
});

test("what other tools call an option of keys", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{ web.deployment.keys.k = { text = "x"; mo$0de = "0600"; }; }
`,
    nix`
#- hive.nix
{ web.deployment.keys.k = { text = "x"; permissions = "0600"; }; }
`,
  );
});
