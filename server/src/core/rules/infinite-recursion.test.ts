// What infinite-recursion finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "infinite-recursion";

test("a value that needs itself", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let name = "\${name}"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = name; } ]; }; };
                                         ^^^^ error infinite-recursion: infinite recursion encountered: nixosConfigurations.web cannot be evaluated
  };
}
`,
  );
});

test("circles that laziness resolves", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = let hosts = { a = "web"; b = hosts.a; }; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.b; } ]; }; };
  };
}
`,
  );
});
