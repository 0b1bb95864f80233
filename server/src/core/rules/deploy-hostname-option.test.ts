// What deploy-hostname-option finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "deploy-hostname-option";

test("options, URLs, logins, ports and blanks", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshUser = "-l";
                ^^^^ error deploy-hostname-option: sshUser "-l" begins with "-", so ssh takes it for an option
      nodes = {
        a = { hostname = "-oProxyCommand=id"; profiles = { }; };
                         ^^^^^^^^^^^^^^^^^^^ error deploy-hostname-option: hostname "-oProxyCommand=id" begins with "-", so ssh takes it for an option
        b = { hostname = "ssh://b"; profiles = { }; };
                         ^^^^^^^^^ error deploy-hostname-option: hostname "ssh://b" has characters that no host name has, so ssh cannot reach it
        c = { hostname = "root@c"; profiles = { }; };
                         ^^^^^^^^ error deploy-hostname-option: hostname "root@c" holds a login: deploy-rs puts sshUser before it; set sshUser
        d = { hostname = "d:2222"; profiles = { }; };
                         ^^^^^^^^ error deploy-hostname-option: hostname "d:2222" holds a port: ssh looks for a host of that name; set sshOpts = [ "-p" "2222" ]
        e = { hostname = ""; user = "a b"; profiles = { }; };
                         ^^ error deploy-hostname-option: hostname "" is empty: deploy-rs connects to nothing
                                    ^^^^^ error deploy-hostname-option: user "a b" is no name that a user can have
      };
    };
  };
}
`,
  );
});

test("names, addresses and aliases of ssh", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{
  outputs = { self }: {
    deploy = {
      sshUser = "deploy";
      nodes = {
        a = { hostname = "web_1.example.org"; profiles = { }; };
        b = { hostname = "2001:db8::1"; profiles = { }; };
        c = { hostname = "192.0.2.1"; profiles = { }; };
      };
    };
  };
}
`,
  );
});
