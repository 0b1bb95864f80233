// What deploy-wrong-type finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-wrong-type";

test("texts, numbers and sets in the wrong place", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      magicRollback = "true";
                      ^^^^^^ error deploy-wrong-type (fix): magicRollback of deploy-rs takes null or boolean, not a string: "Error decoding the JSON from evaluation", nothing is deployed
      confirmTimeout = "30";
                       ^^^^ error deploy-wrong-type (fix): confirmTimeout of deploy-rs takes null or integer, not a string: "Error decoding the JSON from evaluation", nothing is deployed
      sshOpts = "-p 2222";
                ^^^^^^^^^ error deploy-wrong-type (fix): sshOpts of deploy-rs takes null or list of strings, not a string: "Error decoding the JSON from evaluation", nothing is deployed
      nodes.a = { hostname = 1; profilesOrder = [ 1 ]; profiles = { }; sudo = 3; };
                             ^ error deploy-wrong-type: hostname of deploy-rs takes string, not a number: "Error decoding the JSON from evaluation", nothing is deployed
                                                  ^ error deploy-wrong-type: profilesOrder of deploy-rs takes null or list of strings, and this part is a number: "Error decoding the JSON from evaluation", nothing is deployed
                                                                              ^ error deploy-wrong-type: sudo of deploy-rs takes null or string, not a number: "Error decoding the JSON from evaluation", nothing is deployed
    };
  };
}
`,
  );
});

test("a boolean in quotes", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      magicRollback = "tr$0ue";
    };
  };
}
`,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      magicRollback = true;
    };
  };
}
`,
  );
});

test("arguments in one string", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = "-p $02222";
    };
  };
}
`,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = [ "-p" "2222" ];
    };
  };
}
`,
  );
});

test("null, paths and unknown values", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, nixpkgs }: { deploy = { user = null; tempPath = /tmp; sshUser = nixpkgs.x; nodes = { }; confirmTimeout = 100000; }; }; }
`,
  );
});
