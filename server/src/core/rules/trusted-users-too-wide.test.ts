// trusted-users-too-wide.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "trusted-users-too-wide";

test("everybody, by two names", () => {
  checkDiagnostics(
    CODE,
    nix`
#- a.nix
{ nix.trustedUsers = [ "root" "@users" ]; }
                               ^^^^^^ warning trusted-users-too-wide: every ordinary user (group users) is a trusted user of Nix, which is the same as root
#- nix.conf
trusted-users = *
                ^ warning trusted-users-too-wide: everybody on the host is a trusted user of Nix, which is the same as root
`,
  );
});

test("named users and an administrators' group", () => {
  checkClean(
    CODE,
    nix`{ nix.settings.trusted-users = [ "root" "deploy" "@wheel" ]; nix.settings.allowed-users = [ "*" ]; }`,
  );
});
