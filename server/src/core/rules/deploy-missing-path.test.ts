// What deploy-missing-path finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { webFlake } from "../../../../test/harness/deployFlake";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-missing-path";

test("a profile without path", () => {
  checkDiagnostics(
    CODE,
    webFlake`
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = { user = "root"; };
           ^^^^^^ error deploy-missing-path (review): the profile "system" of host "web" has no path, so deploy-rs cannot read the deploy output: "missing field \`path\`"
};
`,
  );
});

test("the configuration of that name is activated", () => {
  checkFix(
    CODE,
    webFlake`
deploy.nodes.web = { hostname = "web.example.org"; profiles.sys$0tem = { user = "root"; }; };
`,
    webFlake`
deploy.nodes.web = { hostname = "web.example.org"; profiles.system = { path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web; user = "root"; }; };
`,
  );
});

test("a profile of which not all is known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ outputs = { self, inventory }: { deploy.nodes.a = { hostname = "a"; profiles.system = inventory.b // { user = "root"; }; }; }; }
`,
  );
});

test("deploy-rs is named as the flake takes it", () => {
  const flake = (outputs: string, profile: string) => `#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = ${outputs}: {
    nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes.web = { hostname = "web"; profiles.system = { ${profile}user = "root"; }; };
  };
}
`;
  const call = (inputs: string, self: string) =>
    `path = ${inputs}deploy-rs.lib.x86_64-linux.activate.nixos ${self}.nixosConfigurations.web; `;
  const cases = [
    ["{ self, deploy-rs, ... }@inputs", call("", "self")],
    ["{ self, ... }@inputs", call("inputs.", "self")],
    ["inputs", call("inputs.", "inputs.self")],
  ] as const;
  for (const [outputs, path] of cases) {
    checkFix(CODE, flake(outputs, "").replace("profiles.system", "profiles.sys$0tem"), flake(outputs, path));
  }
});
