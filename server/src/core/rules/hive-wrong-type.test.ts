// What hive-wrong-type finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "hive-wrong-type";

test("a port as text, a tag as text", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  web = { deployment.targetPort = "22"; deployment.tags = "web"; };
                                  ^^^^ error hive-wrong-type (fix): deployment.targetPort takes null or integer from 0 to 65535, not a string: the hive cannot be evaluated
                                                          ^^^^^ error hive-wrong-type (fix): deployment.tags takes list of strings, not a string: the hive cannot be evaluated
}
`,
  );
});

test("the port becomes a number", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  web = { deployment.targetPort = "2$02"; };
}
`,
    nix`
#- hive.nix
{
  web = { deployment.targetPort = 22; };
}
`,
  );
});

test("the tag becomes a list", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  web = { deployment.tags = "we$0b"; };
}
`,
    nix`
#- hive.nix
{
  web = { deployment.tags = [ "web" ]; };
}
`,
  );
});

test("null, conditions and unknown values", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  web = { lib, pkgs, ... }: { deployment.targetHost = null; deployment.targetPort = lib.mkIf pkgs.x 22; deployment.tags = pkgs.y; };
}
`,
  );
});

test("the value itself where only that is wrong", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  web.deployment.targetPort = 99999;
                              ^^^^^ error hive-wrong-type: deployment.targetPort takes null or integer from 0 to 65535, not 99999: the hive cannot be evaluated
  web.deployment.keys.k = { text = "x"; uploadAt = "pre"; };
                                                   ^^^^^ error hive-wrong-type: deployment.keys.k.uploadAt takes one of "pre-activation", "post-activation", not "pre": the hive cannot be evaluated
}
`,
  );
});

test("a number that must be a text is quoted as it is written", () => {
  const hive = (value: string) => `#- hive.nix
{ web.deployment.keys.k = { text = "x"; permissions = ${value}; }; }
`;
  checkFix(CODE, hive("06$000"), hive('"0600"'));
});
