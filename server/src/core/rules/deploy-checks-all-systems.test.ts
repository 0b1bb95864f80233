// What deploy-checks-all-systems finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-checks-all-systems";

test("the usual line in a fleet of two systems", () => {
  checkDiagnostics(
    CODE,
    webFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
deploy.nodes.pi = { hostname = "pi"; profiles.system.path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi; };
checks = builtins.mapAttrs (system: deployLib: deployLib.deployChecks self.deploy) deploy-rs.lib;
^^^^^^ information deploy-checks-all-systems (review): checks.x86_64-linux builds pi, which is aarch64-linux: nix flake check, which deploy-rs runs before each deploy, needs builders for every system of the fleet
`,
  );
});

test("a fleet of one system", () => {
  checkClean(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
checks = builtins.mapAttrs (system: deployLib: deployLib.deployChecks self.deploy) deploy-rs.lib;
`,
  );
});

test("the checks of a system get the nodes of that system", () => {
  const flake = (checks: string) =>
    webFlakeOf(`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
deploy.nodes.pi = { hostname = "pi"; profiles.system.path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi; };
${checks}
`);
  const ofSystem = (system: string) =>
    `(self.deploy // { nodes = nixpkgs.lib.filterAttrs (_: node: builtins.all (profile: profile.path.system == ${system}) (builtins.attrValues node.profiles)) self.deploy.nodes; })`;
  const usual = (deploy: string) =>
    `builtins.mapAttrs (system: deployLib: deployLib.deployChecks ${deploy}) deploy-rs.lib;`;
  checkFix(CODE, flake(`che$0cks = ${usual("self.deploy")}`), flake(`checks = ${usual(ofSystem("system"))}`));
  const one = (deploy: string) => `.x86_64-linux = deploy-rs.lib.x86_64-linux.deployChecks ${deploy};`;
  checkFix(CODE, flake(`che$0cks${one("self.deploy")}`), flake(`checks${one(ofSystem('"x86_64-linux"'))}`));
});

test("checks that perSystem of flake-parts makes", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  outputs = inputs@{ self, nixpkgs, deploy-rs, flake-parts }: flake-parts.lib.mkFlake { inherit inputs; } {
    systems = [ "x86_64-linux" "aarch64-linux" ];
    perSystem = { system, ... }: { checks = deploy-rs.lib.\${system}.deployChecks self.deploy; };
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information deploy-checks-all-systems (review): checks.x86_64-linux builds pi, …
    flake = {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
    deploy.user = "root";
    deploy.nodes.web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
    deploy.nodes.pi = { hostname = "pi"; profiles.system.path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi; };
    };
  };
}
`,
  );
});
