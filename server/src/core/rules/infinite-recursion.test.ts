// What infinite-recursion finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";

const CODE = "infinite-recursion";

test("a value that needs itself", () => {
  checkDiagnostics(
    CODE,
    deployFlake`
nixosConfigurations = let name = "\${name}"; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = name; } ]; }; };
                                     ^^^^ error infinite-recursion: infinite recursion encountered: nixosConfigurations.web cannot be evaluated
`,
  );
});

test("circles that laziness resolves", () => {
  checkClean(
    CODE,
    deployFlake`
nixosConfigurations = let hosts = { a = "web"; b = hosts.a; }; in { web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ { networking.hostName = hosts.b; } ]; }; };
`,
  );
});
