// What deploy-ssh-opts finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-ssh-opts";

test("terminals, blanks and unchecked host keys", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = [ "-t" "-p 2222" "-oStrictHostKeyChecking=no" "-o" "UserKnownHostsFile=/dev/null" ];
                  ^^^^ warning deploy-ssh-opts: -t asks for a terminal, with which magic rollback hangs: use interactiveSudo = true or a sudo rule without password
                       ^^^^^^^^^ warning deploy-ssh-opts (review): "-p 2222" has a blank inside: ssh gets it as one argument, nix copy as several; make each argument an element of its own
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts: StrictHostKeyChecking=no turns off the check of the host key: whoever answers at that address gets the system
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts: UserKnownHostsFile=/dev/null turns off the check of the host key: whoever answers at that address gets the system
      nodes = { };
    };
  };
}
`,
  );
});

test("an option and its value are split", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = [ "-A" "-p 22$022" ];
    };
  };
}
`,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = [ "-A" "-p" "2222" ];
    };
  };
}
`,
  );
});

test("ordinary options", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshOpts = [ "-p" "2222" "-i" "/k" "-o" "ControlMaster=no" ];
      nodes = { };
    };
  };
}
`,
  );
});

test("a terminal that is asked for by RequestTTY", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    deploy.sshOpts = [ "-o" "RequestTTY=force" "-o" "RequestTTY=no" ];
                            ^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts: RequestTTY=force asks for a terminal, …
    deploy.nodes = { };
  };
}
`,
  );
});
