// What deploy-profile-order finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-profile-order";

test("a profile that is not there, and one twice", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profilesOrder = [ "system" "home" "system" ];
                             ^^^^^^ error deploy-profile-order (fix): no profile "home" on host "web": the deploy ends with "No profile named \`home\` was found"
                                    ^^^^^^^^ error deploy-profile-order (fix): profilesOrder of host "web" names "system" twice, which the check deploy-schema refuses
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("the name is removed", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profilesOrder = [ "system" "ho$0me" ];
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profilesOrder = [ "system" ];
  profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; };
};
`,
  );
});

test("profiles that are not all known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, inventory }: { deploy.nodes.a = { hostname = "a"; profilesOrder = [ "home" ]; profiles = inventory.profiles; }; }; }
`,
  );
});
