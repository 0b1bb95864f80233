// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// What deploy-not-activatable finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-not-activatable";

test("a bare system, a whole configuration and a store path", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.a.path = self.nixosConfigurations.web.config.system.build.toplevel;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error deploy-not-activatable (review): the path of profile "a" of host "web" is a bare system, not a call of deploy-rs.lib.SYSTEM.activate.*: "Activation script deploy-rs-activate does not exist"
  profiles.b.path = self.nixosConfigurations.web;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error deploy-not-activatable (review): the path of profile "b" of host "web" is a whole NixOS configuration, not a call of deploy-rs.lib.SYSTEM.activate.*: "Activation script deploy-rs-activate does not exist"
  profiles.c.path = "/nix/store/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-system";
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error deploy-not-activatable: the path of profile "c" of host "web" is a bare store path, not a call of deploy-rs.lib.SYSTEM.activate.*: "Activation script deploy-rs-activate does not exist"
};
`,
  );
});

test("a toplevel is wrapped", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = { user = "root"; path = self.nixosConfigurations.web.config.system$0.build.toplevel; };
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("what comes from elsewhere may be activatable", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, other }: { deploy.nodes.a = { hostname = "a"; profiles.system = { user = "root"; path = other.packages.x86_64-linux.activatable; }; }; }; }
`,
  );
});

test("the config of a configuration, which no function of deploy-rs takes either", () => {
  const flake = (path: string) =>
    webFlakeOf(`
deploy.nodes.web = {
  hostname = "web.example.org";
  user = "root";
  profiles.system.path = ${path};
};
`);
  checkFix(
    CODE,
    flake("self.nixos$0Configurations.web.config"),
    flake("deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web"),
  );
});

test("what several systems share is wrapped for the system of each", () => {
  const flake = (path: string) =>
    webFlakeOf(`
nixosConfigurations.arm = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.nodes = nixpkgs.lib.mapAttrs (name: host: {
  hostname = name;
  profiles.system = { user = "root"; path = ${path}; };
}) self.nixosConfigurations;
`);
  checkFix(
    CODE,
    flake("host.config$0.system.build.toplevel"),
    flake("deploy-rs.lib.${host.pkgs.stdenv.hostPlatform.system}.activate.nixos host"),
  );
});

test("what home-manager builds is wrapped as its configuration", () => {
  const flake = (path: string) => `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, deploy-rs, home-manager }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    homeConfigurations.ann = home-manager.lib.homeManagerConfiguration { modules = [ ]; };
    deploy.nodes.web = {
      hostname = "web.example.org";
      profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
      profiles.home = { user = "ann"; path = ${path}; };
    };
  };
}
`;
  checkFix(
    CODE,
    flake("self.homeConfigurations.ann.activation$0Package"),
    flake("deploy-rs.lib.x86_64-linux.activate.home-manager self.homeConfigurations.ann"),
  );
});
