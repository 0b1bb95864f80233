// What deploy-unknown-setting finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { deployFlake, webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-unknown-setting";

test("misspelt names and names of another level", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  magicRolback = false;
  ^^^^^^^^^^^^ warning deploy-unknown-setting (fix): deploy-rs knows no setting "magicRolback" in a node and ignores it; did you mean magicRollback?
  path = "x";
  ^^^^ warning deploy-unknown-setting: deploy-rs knows no setting "path" in a node and ignores it; it belongs into a profile
  tags = [ "a" ];
  ^^^^ warning deploy-unknown-setting: deploy-rs knows no setting "tags" in a node and ignores it
  profiles.system = { user = "root"; hostname = "x"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
                                     ^^^^^^^^ warning deploy-unknown-setting: deploy-rs knows no setting "hostname" in a profile and ignores it; it belongs into a node
};
`,
  );
});

test("the name is put right", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  magic$0Rolback = false;
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  magicRollback = false;
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("an inherited name is not renamed", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{ outputs = { self }: let sshUsr = "a"; in { deploy = { inherit ssh$0Usr; nodes = { }; }; }; }
`,
  );
});

test("settings at every level, and sets that are not known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshUser = "a";
      nodes.a = { hostname = "a"; sshOpts = [ ]; profiles = { }; profilesOrder = [ ]; };
      nodes.b = self.somewhere;
    };
  };
}
`,
  );
});

test("a name is not changed to one that stands beside it", () => {
  checkNoFix(
    CODE,
    deployFlake`
deploy.nodes.web = {
  host$0Name = "web";
  hostname = "web.example.org";
  profiles = { };
};
`,
  );
});

test("an output deploy without nodes may be of another tool, unless its names are almost those of deploy-rs", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy.targets.web = { system = "x86_64-linux"; storePath = "/nix/store/x"; };
    deploy.node = { };
           ^^^^ warning deploy-unknown-setting (fix): deploy-rs knows no setting "node" directly under deploy and ignores it; did you mean nodes?
  };
}
`,
  );
});
