// What deploy-configuration-not-deployed finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-configuration-not-deployed";

test("a configuration without node", () => {
  checkDiagnostics(
    CODE,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
                    ^^ hint deploy-configuration-not-deployed (review): nixosConfigurations.db has no node under deploy.nodes: deploy-rs does not deploy it
deploy.nodes.web = { hostname = "web.example.org"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
`,
  );
});

test("a node is added", () => {
  checkFix(
    CODE,
    webFlake`
nixosConfigurations.d$0b = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes = {
  web = { hostname = "web.example.org"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
};
`,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes = {
  db = {
    hostname = "db";
    profiles.system = {
      user = "root";
      path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db;
    };
  };
  web = { hostname = "web.example.org"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
};
`,
  );
});

test("nodes that are not all known, images, flakes without deploy-rs", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    nixosConfigurations.installer-iso = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes.web = { hostname = "web.example.org"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
  };
}
#- other/flake.nix
{ outputs = { self, nixpkgs }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; }; }; }
`,
  );
});

test("a node joins nodes that are written one by one", () => {
  const flake = (nodes: string) =>
    webFlakeOf(`
nixosConfigurations.d$0b = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes.web = {
  hostname = "web";
  # the front
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};${nodes}
`);
  checkFix(
    CODE,
    flake(""),
    flake(`
deploy.nodes.db = {
  hostname = "db";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db;
  };
};`).replace("$0", ""),
  );
});
