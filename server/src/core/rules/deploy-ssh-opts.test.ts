// What deploy-ssh-opts finds, what it leaves alone, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { deployFlake } from "../../../../test/harness/deployFlake";
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
                  ^^^^ warning deploy-ssh-opts (review): -t asks for a terminal, with which magic rollback hangs: use interactiveSudo = true or a sudo rule without password
                       ^^^^^^^^^ warning deploy-ssh-opts (review): "-p 2222" has a blank inside: ssh gets it as one argument, nix copy as several; make each argument an element of its own
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts (review): StrictHostKeyChecking=no turns off the check of the host key: whoever answers at that address gets the system
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts (review): UserKnownHostsFile=/dev/null turns off the check of the host key: whoever answers at that address gets the system
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
    deployFlake`
deploy.sshOpts = [ "-o" "RequestTTY=force" "-o" "RequestTTY=no" ];
                        ^^^^^^^^^^^^^^^^^^ warning deploy-ssh-opts (review): RequestTTY=force asks for a terminal, …
deploy.nodes = { };
`,
  );
});

test("an argument is taken out with the -o before it", () => {
  const flake = (options: string) => `#- flake.nix
{ outputs = { self }: { deploy.sshOpts = [ ${options} ]; deploy.nodes = { }; }; }
`;
  checkFix(CODE, flake('"-A" "-o" "StrictHostKey$0Checking=no" "-v"'), flake('"-A" "-v"'));
  checkFix(CODE, flake('"-o" "ControlMaster=no" "-t$0t"'), flake('"-o" "ControlMaster=no"'));
});

test("an element with an interpolation is not written down as what it is today", () => {
  checkNoFix(
    CODE,
    nix`
#- flake.nix
{ outputs = { self }: let port = 2222; in { deploy.sshOpts = [ "-p $0\${toString port}" ]; deploy.nodes = { }; }; }
`,
  );
});
