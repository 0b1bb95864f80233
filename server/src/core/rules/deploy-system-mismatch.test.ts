// What deploy-system-mismatch finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { deployFlake, webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-system-mismatch";

test("the library of the machine that deploys", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes.pi = {
  hostname = "pi";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.pi; };
                                                          ^^^^^^^^^^^^ error deploy-system-mismatch (fix): deploy-rs.lib.x86_64-linux makes an activation program for x86_64-linux, but host "pi" is aarch64-linux: activation fails there with "Exec format error"
};
`,
  );
});

test("the host's library is used", () => {
  checkFix(
    CODE,
    deployFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes.pi = {
  hostname = "pi";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64$0-linux.activate.nixos self.nixosConfigurations.pi; };
};
`,
    deployFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes.pi = {
  hostname = "pi";
  profiles.system = { user = "root"; path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi; };
};
`,
  );
});

test("a path that hosts of other systems share is not changed", () => {
  checkNoFix(
    CODE,
    webFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes = nixpkgs.lib.mapAttrs (name: system: {
  hostname = name;
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64$0-linux.activate.nixos system; };
}) self.nixosConfigurations;
`,
  );
});

test("a computed system that is right", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes.pi = {
  hostname = "pi";
  profiles.system = { user = "root"; path = deploy-rs.lib.\${self.nixosConfigurations.pi.config.nixpkgs.hostPlatform.system}.activate.nixos self.nixosConfigurations.pi; };
};
`,
  );
});

test("a system that comes from elsewhere is marked where it is selected", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }:
    let system = "x86_64-linux"; in {
      nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
      deploy.nodes.pi = {
        hostname = "pi";
        user = "root";
        profiles.system.path = deploy-rs.lib.\${system}.activate.nixos self.nixosConfigurations.pi;
                                             ^^^^^^^^^^ error deploy-system-mismatch: …
      };
    };
}
`,
  );
});
