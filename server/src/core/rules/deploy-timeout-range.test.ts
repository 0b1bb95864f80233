// What deploy-timeout-range finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-timeout-range";

test("too large and negative", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      confirmTimeout = 100000;
                       ^^^^^^ error deploy-timeout-range: confirmTimeout is 100000, but deploy-rs takes 0 to 65535 seconds: "Error decoding the JSON from evaluation", nothing is deployed
      nodes.a = { hostname = "a"; activationTimeout = -1; profiles = { }; };
                                                      ^^ error deploy-timeout-range: activationTimeout is -1, but deploy-rs takes 0 to 65535 seconds: "Error decoding the JSON from evaluation", nothing is deployed
    };
  };
}
`,
  );
});

test("the whole range, and what is not known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      confirmTimeout = 65535;
      activationTimeout = self.timeout;
      nodes = { };
    };
  };
}
`,
  );
});
