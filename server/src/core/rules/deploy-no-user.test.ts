// What deploy-no-user finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-no-user";

test("no user at any level", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = { path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
           ^^^^^^ error deploy-no-user (review): the profile "system" of host "web" has neither user nor sshUser: deploy-rs stops with "Neither \`user\` nor \`sshUser\` are set"
};
`,
  );
});

test("root for a system", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.sys$0tem = { path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
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

test("a user of an outer level, or one that may be there", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, other }: { deploy = { sshUser = "root"; nodes.a = { hostname = "a"; profiles.x.path = "/y"; }; nodes.b = { hostname = "b"; profiles.x = other.x; }; }; }; }
`,
  );
});
