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

test("an outer level counts only where an inner one says nothing", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy.magicRollback = false;
    deploy.nodes = {
      a = { hostname = "a"; magicRollback = true; profiles.system = { }; };
      b = { hostname = "b"; profiles.system = { magicRollback = true; }; };
      c = { hostname = "c"; autoRollback = false; profiles.system = { magicRollback = true; autoRollback = true; }; };
    };
  };
}
`,
  );
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy.magicRollback = false;
           ^^^^^^^^^^^^^ information deploy-rollback-off: …
    deploy.nodes.a = { hostname = "a"; magicRollback = null; profiles = { a.magicRollback = true; b = { }; }; };
  };
}
`,
  );
});
