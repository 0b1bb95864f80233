// What deploy-missing-hostname finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { deployFlake, webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-missing-hostname";

test("a node without an address", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
             ^^^ error deploy-missing-hostname (review): deploy.nodes.web has no hostname, so deploy-rs cannot read the deploy output: "missing field \`hostname\`"
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("a stub is put in", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.we$0b = {
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web";
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("nodes that a function makes are named once, where they lack it, and get no stub", () => {
  checkDiagnostics(
    CODE,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes = builtins.mapAttrs (_: system: {
                                             ^ error deploy-missing-hostname: deploy.nodes.web and 1 more have no hostname, so deploy-rs cannot read the deploy output: "missing field \`hostname\`"
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos system; };
}) self.nixosConfigurations;
`,
  );
});

test("a stub joins bindings that are written one by one", () => {
  checkFix(
    CODE,
    deployFlake`
deploy.nodes.we$0b.profiles.system = {
  user = "root";
  path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
`,
    deployFlake`
deploy.nodes.web.profiles.system = {
  user = "root";
  path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
deploy.nodes.web.hostname = "web";
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
