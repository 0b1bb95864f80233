// What deploy-activate-argument finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake, webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";

const CODE = "deploy-activate-argument";

test("a toplevel for nixos, a NixOS configuration for home-manager", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web.config.system.build.toplevel;
                                                    ^^^^^^^^^^^^^^ error deploy-activate-argument (review): activate.nixos is given a built system, but takes the result of nixosSystem: host "web" cannot be deployed
  profiles.home.path = deploy-rs.lib.x86_64-linux.activate.home-manager self.nixosConfigurations.web;
                                                  ^^^^^^^^^^^^^^^^^^^^^ error deploy-activate-argument (review): activate.home-manager is given a NixOS configuration, but takes the result of homeManagerConfiguration: host "web" cannot be deployed
};
`,
  );
});

test("the toplevel is cut off", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate$0.nixos self.nixosConfigurations.web.config.system.build.toplevel;
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
`,
  );
});

test("the right function is called", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate$0.home-manager self.nixosConfigurations.web;
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
`,
  );
});

test("derivations for custom, unknown things for all", () => {
  checkClean(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.a.path = deploy-rs.lib.x86_64-linux.activate.custom self.nixosConfigurations.web.config.system.build.toplevel "./bin/x";
  profiles.b.path = deploy-rs.lib.x86_64-linux.activate.nixos nixpkgs.other;
};
`,
  );
});

test("a call over several lines is marked where the function is named", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  user = "root";
  profiles.home.path = deploy-rs.lib.x86_64-linux.activate.home-manager (
                                                  ^^^^^^^^^^^^^^^^^^^^^ error deploy-activate-argument (review): …
    nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ];
    }
  );
};
`,
  );
});

test("the config of a configuration is not the configuration", () => {
  const flake = (argument: string) =>
    webFlakeOf(`
deploy.nodes.web = {
  hostname = "web.example.org";
  user = "root";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nix$0os ${argument};
};
`);
  const whole = "self.nixosConfigurations.web";
  checkFix(CODE, flake(`${whole}.config`), flake(whole).replace("$0", ""));
  checkFix(CODE, flake(`(${whole}.config)`), flake(`(${whole})`).replace("$0", ""));
  checkClean(CODE, flake(`(${whole} // { more = 1; })`).replace("$0", ""));
  checkClean(CODE, flake(`(${whole}.extendModules { modules = [ ]; })`).replace("$0", ""));
});

test("what home-manager builds is for custom, not for home-manager", () => {
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
  const call = "deploy-rs.lib.x86_64-linux.activate";
  const built = "self.homeConfigurations.ann.activationPackage";
  checkFix(
    CODE,
    flake(`${call}.home-$0manager ${built}`),
    flake(`${call}.home-manager self.homeConfigurations.ann`),
  );
  checkClean(CODE, flake(`${call}.custom ${built} "$PROFILE/activate"`));
});
