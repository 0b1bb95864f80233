// What deploy-not-system-profile finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake, webFlakeOf } from "../../../../test/harness/deployFlake";

const CODE = "deploy-not-system-profile";

test("another name, another user", () => {
  checkDiagnostics(
    CODE,
    webFlake`
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes.web = { hostname = "web.example.org"; profiles.nixos = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
                                                            ^^^^^ warning deploy-not-system-profile (review): the profile "nixos" of host "web" holds a NixOS system but is not called "system": it is activated, but the machine does not boot from it
deploy.nodes.db = {
  hostname = "db";
  profiles.system = { user = "admin"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db; };
                             ^^^^^^^ warning deploy-not-system-profile (review): the system profile of host "db" belongs to admin, not to root: it is no system profile, and activating it fails without root's rights
};
`,
  );
});

test("it is called system", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.nix$0os = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
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

test("it belongs to root", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = { user = "adm$0in"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
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

test("a link of its own, and home configurations", () => {
  checkClean(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.blue = { user = "root"; profilePath = "/nix/var/nix/profiles/system"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
  profiles.home = { user = "ann"; path = deploy-rs.lib.x86_64-linux.activate.custom nixpkgs.x "true"; };
};
`,
  );
});

test("root is set where the profile belongs to whoever logs in", () => {
  const flake = (profile: string) =>
    webFlakeOf(`
deploy.nodes.web = {
  hostname = "web.example.org";
  sshUser = "admin";
  profiles.system = { ${profile}path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`);
  checkFix(CODE, flake("").replace("admin", "ad$0min"), flake('user = "root"; '));
});
