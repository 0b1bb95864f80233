// What deploy-rollback-off finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-rollback-off";

test("both rollbacks, and a sudo that reads no password", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      autoRollback = false;
      ^^^^^^^^^^^^ information deploy-rollback-off: autoRollback is off: a host whose activation fails stays half activated
      interactiveSudo = true;
      ^^^^^^^^^^^^^^^ information deploy-rollback-off: interactiveSudo hands the password to sudo -S, but sudo = "doas -u" is used as it is and does not read it
      sudo = "doas -u";
      nodes.a = { hostname = "a"; magicRollback = false; profiles = { }; };
                                  ^^^^^^^^^^^^^ information deploy-rollback-off: magicRollback is off: a host that cannot be reached after activation stays so
    };
  };
}
`,
  );
});

test("rollbacks on, or not known", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      autoRollback = true;
      magicRollback = self.careful;
      interactiveSudo = true;
      nodes = { };
    };
  };
}
`,
  );
});
