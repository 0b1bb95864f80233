// What deploy-push-untrusted finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake, webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";

const CODE = "deploy-push-untrusted";

test("a login that the host does not trust", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "deploy";
            ^^^^^^^^ warning deploy-push-untrusted (review): "deploy" is not among the trusted-users of host "web", and it trusts no key that signs what is built here: copying ends with "lacks a signature by a trusted key"
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("build on the host", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "dep$0loy";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    webFlake`
deploy.nodes.web = {
  remoteBuild = true;
  hostname = "web.example.org";
  sshUser = "deploy";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    "Build on the host",
  );
});

test("log in as root", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "dep$0loy";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "root";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    "Log in as root",
  );
});

test("trust the login", () => {
  checkFix(
    CODE,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ { nix.settings.trusted-users = [ "ann" ]; } ];
};
deploy.nodes.web = { hostname = "web.example.org"; sshUser = "dep$0loy"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
`,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ { nix.settings.trusted-users = [ "ann" "deploy" ]; } ];
};
deploy.nodes.web = { hostname = "web.example.org"; sshUser = "deploy"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
`,
    "Trust deploy",
  );
});

test("groups, keys of one's own, building there", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { nix.settings.trusted-users = [ "@wheel" ]; } ]; };
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { nix.settings.trusted-public-keys = [ "ci-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; } ]; };
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.sshUser = "deploy";
deploy.user = "root";
deploy.nodes = {
  web = { hostname = "web"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
  db = { hostname = "db"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db; };
  pi = { hostname = "pi"; remoteBuild = true; profiles.system.path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi; };
};
`,
  );
});

test("users that are trusted in nix.extraOptions or by extra-trusted-users", () => {
  for (const trusted of [
    'nix.extraOptions = "trusted-users = root deploy";',
    'nix.settings.extra-trusted-users = [ "deploy" ];',
    'nix.trustedUsers = [ "deploy" ];',
    'nix.extraOptions = "extra-trusted-public-keys = builder-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";',
    'nix.extraOptions = "require-sigs = false";',
  ]) {
    checkClean(
      CODE,
      `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { ${trusted} } ]; };
    deploy.nodes.web = {
      hostname = "web";
      sshUser = "deploy";
      profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
    };
  };
}
`,
    );
  }
});

test("the line of nix.extraOptions that replaces the list is the one to add to", () => {
  const flake = (users: string) =>
    webFlakeOf(`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./db.nix ]; };
deploy.nodes.db = {
  hostname = "db.example.org";
  sshUser = "ad$0min";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db; };
};
`) +
    `#- db.nix
{
  nix.settings.trusted-users = [ "admin" ];
  nix.extraOptions = ''
    trusted-users = ${users}
  '';
}
`;
  checkFix(CODE, flake("root"), flake("root admin").replace("$0", ""), "Trust admin");
});
