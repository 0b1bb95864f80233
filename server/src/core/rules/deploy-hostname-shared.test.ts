// What deploy-hostname-shared finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { webFlake } from "../../../../test/harness/deployFlake";

const CODE = "deploy-hostname-shared";

test("one address for two nodes", () => {
  checkDiagnostics(
    CODE,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes = {
  web = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
  db = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db; };
                    ^^^^^^^^^^^^^^^^^ warning deploy-hostname-shared: deploy.nodes.db and deploy.nodes.web both deploy the profile "system" to web.example.org: the later one wins, in no certain order
};
`,
  );
});

test("other ports, other profiles", () => {
  checkClean(
    CODE,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes = {
  a = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
  b = { hostname = "web.example.org"; sshOpts = [ "-p" "2222" ]; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db; };
  c = { hostname = "web.example.org"; profiles.tool.path = deploy-rs.lib.x86_64-linux.activate.noop nixpkgs.x; };
};
`,
  );
});

test("the case of a host name makes no other machine", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.user = "root";
deploy.nodes.a = { hostname = "Web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
deploy.nodes.b = { hostname = "web.example.org"; profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
                              ^^^^^^^^^^^^^^^^^ warning deploy-hostname-shared: …
`,
  );
});
