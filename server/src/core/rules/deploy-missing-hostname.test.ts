// What deploy-missing-hostname finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-missing-hostname";

test("a node without an address", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes.web = {
                 ^^^ error deploy-missing-hostname (review): deploy.nodes.web has no hostname, so deploy-rs cannot read the deploy output: "missing field \`hostname\`"
      profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
    };
  };
}
`,
  );
});

test("a stub is put in", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes.we$0b = {
      profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
    };
  };
}
`,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes.web = {
      hostname = "web";
      profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
    };
  };
}
`,
  );
});

test("nodes that share a set get no stub, for their addresses differ", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{ outputs = { self }: let node = { profiles = { }; }; in { deploy.nodes = { a$0 = node; b = node; }; }; }
`,
  );
});

test("a node of which not all is known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, inventory }: { deploy.nodes.a = inventory.a // { profiles = { }; }; }; }
`,
  );
});
