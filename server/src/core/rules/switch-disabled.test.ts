// What switch-disabled finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "switch-disabled";

test("a deployed host without switch-to-configuration", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ { system.switch.enable = false; } ];
                                       ^^^^^ warning switch-disabled: host "web" is deployed by deploy-rs, but without switch-to-configuration: activation ends with "No such file or directory"
};
deploy.nodes.web = { hostname = "web.example.org"; profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; }; };
`,
  );
});

test("an image that nothing deploys", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations.iso = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { system.switch.enable = false; } ]; };
`,
  );
});

test("the newer implementation of NixOS 24.05 and 24.11 takes its place", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.system.switch = { enable = false; enableNg = true; };
  b = { lib, ... }: { imports = [ { system.switch.enableNg = true; } ]; system.switch.enable = lib.mkForce false; };
  c = { config, ... }: { system.switch = { enable = false; enableNg = config.my.ng; }; };
}
`,
  );
});

test("under a condition, and with both switched off", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = { config, lib, ... }: { system.switch.enable = lib.mkIf config.my.appliance false; };
                                                                                  ^^^^^ warning switch-disabled: host "a" is deployed by colmena, but without switch-to-configuration (where config.my.appliance): …
  b.system.switch = { enable = false; enableNg = false; };
                               ^^^^^ warning switch-disabled: …
}
`,
  );
});
