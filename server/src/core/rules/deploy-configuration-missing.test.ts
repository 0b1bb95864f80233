// What deploy-configuration-missing finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake, deployFlakeOf, webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-configuration-missing";

test("a name that the flake does not have", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.wbe; };
                                                                                                                                             ^^^ error deploy-configuration-missing (fix): nixosConfigurations has no "wbe", so deploy.nodes.web cannot be deployed; did you mean web?
`,
  );
});

test("the output without its s", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfiguration.web; };
                                                                                                                         ^^^^^^^^^^^^^^^^^^ error deploy-configuration-missing (fix): the flake has no output nixosConfiguration, so deploy.nodes.web cannot be deployed; did you mean nixosConfigurations?
`,
  );
});

test("the name is put right", () => {
  checkFix(
    CODE,
    deployFlake`
nixosConfigurations.web-server = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web-se$0ver; };
`,
    deployFlake`
nixosConfigurations.web-server = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web-server; };
`,
  );
});

test("configurations that are not all known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, deploy-rs, other }: { nixosConfigurations = other.hosts; deploy.nodes.a = { hostname = "a"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.a; }; }; }; }
`,
  );
});

test("a flake without any configurations", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self, deploy-rs }: {
    deploy.nodes.web = { hostname = "web"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
                                                                                                                                    ^^^^^^^^^^^^^^^^^^^ error deploy-configuration-missing: the flake has no output nixosConfigurations, so deploy.nodes.web cannot be deployed
  };
}
`,
  );
});

test("a name in quotes stays in quotes where it needs them", () => {
  const flake = (name: string) =>
    deployFlakeOf(`
nixosConfigurations."web.example.org" = nixpkgs.lib.nixosSystem { modules = [ ]; };
deploy.nodes.web = { hostname = "web"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.${name}; }; };
`);
  checkFix(CODE, flake('"web.ex$0mple.org"'), flake('"web.example.org"'));
});

test("a misspelt output of a flake that flake-parts makes", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = inputs@{ self, flake-parts, nixpkgs, deploy-rs }: flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" ];
    flake.nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ]; };
    flake.deploy.nodes.web = { hostname = "web"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfiguration.web; }; };
                                                                                                                                          ^^^^^^^^^^^^^^^^^^ error deploy-configuration-missing (fix): the flake has no output nixosConfiguration, …
  };
}
`,
  );
});
