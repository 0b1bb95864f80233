// What deploy-missing-profiles finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-missing-profiles";

test("a node with nothing to deploy", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
             ^^^ error deploy-missing-profiles (review): deploy.nodes.web has no profiles, so deploy-rs cannot read the deploy output: "missing field \`profiles\`"
  hostname = "web.example.org";
};
`,
  );
});

test("the system profile of that name is put in", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.we$0b = { hostname = "web.example.org"; };
`,
    webFlake`
deploy.nodes.web = { profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; hostname = "web.example.org"; };
`,
  );
});

test("an empty set of profiles, and unknown nodes", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, inventory }: { deploy.nodes.a = { hostname = "a"; profiles = { }; }; deploy.nodes.b = inventory.b; }; }
`,
  );
});

test("a file that has neither deploy-rs nor the flake gets no profile", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy = import ./deploy.nix;
  };
}
#- deploy.nix
{ nodes.we$0b = { hostname = "web"; }; }
`,
  );
});
