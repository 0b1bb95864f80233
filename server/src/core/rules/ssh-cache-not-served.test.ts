// ssh-cache-not-served: hosts that ask a host which serves nothing.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-not-served";

test("a host of a hive that serves nothing is asked by another", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage = { networking.domain = "example.org"; networking.hostName = "stage"; };
  prod = { nix.settings.substituters = [ "ssh-ng://nix-ssh@stage.example.org?priority=50" ]; };
                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error ssh-cache-not-served: host "prod" substitutes from "stage", which does not serve its store (nix.sshServe.enable is false there): ssh is refused and every build fails
}
`,
  );
});

test("hosts that share the module are named in one finding, each under its condition", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage = { };
  web = ./client.nix;
  mail = ./client.nix;
}
#- client.nix
{ lib, config, ... }:
{
  nix.settings.substituters = lib.mkIf (builtins.getEnv "CI" == "") [ "ssh://nix-ssh@stage" ];
                                                                       ^^^^^^^^^^^^^^^^^^^ error ssh-cache-not-served: each of the hosts "web" and "mail" substitutes from "stage" (where builtins.getEnv "CI" == ""), which does not serve its store (nix.sshServe.enable is false there): ssh is refused and every build fails
}
`,
  );
});

test("text of extraOptions is judged like the option", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  stage = { };
  prod = { nix.extraOptions = "extra-substituters = ssh://nix-ssh@stage"; };
                                                    ^^^^^^^^^^^^^^^^^^^ error ssh-cache-not-served: host "prod" substitutes from "stage", which does not serve its store (nix.sshServe.enable is false there): ssh is refused and every build fails
}
`,
  );
});

test("nothing is said of hosts that serve, may serve, or are not of the fleet", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.sshServe.enable = true; };
  b = { lib, ... }: { nix.sshServe.enable = builtins.getEnv "X" == ""; };
  c = { foo, ... }: { imports = [ foo.modules.cache ]; };
  prod = { nix.settings.substituters = [ "ssh://nix-ssh@a" "ssh://nix-ssh@b" "ssh://nix-ssh@c" "ssh://nix-ssh@d.example.org" ]; };
}
`,
  );
});

test("another user than nix-ssh has nothing to do with nix.sshServe", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage = { };
  prod = { nix.settings.substituters = [ "ssh://root@stage" ]; };
}
`,
  );
});

test("the fix turns a written false into true", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = false; };
  prod = { nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ]; };
}
`,
    nix`
#- hive.nix
{
  stage = { nix.sshServe.enable = true; };
  prod = { nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; };
}
`,
  );
});

test("the fix writes the option into a module that only the serving host reads", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./stage.nix ]; };
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./prod.nix ]; };
  };
}
#- common.nix
{ nix.settings.fallback = true; }
#- stage.nix
{
  nix.settings.cores = 2; # few
}
#- prod.nix
{ nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ]; }
`,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./stage.nix ]; };
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ./prod.nix ]; };
  };
}
#- common.nix
{ nix.settings.fallback = true; }
#- stage.nix
{
  nix.settings.cores = 2; # few
  nix.sshServe.enable = true;
}
#- prod.nix
{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }
`,
  );
});

test("the host is found by address, by ssh's alias, by the hosts file and by IPv6", () => {
  const clients = [
    ["ssh://nix-ssh@10.0.0.5", ""],
    ["ssh://nix-ssh@[2001:db8::5]:2222", ""],
    ["ssh://nix-ssh@cache", 'programs.ssh.extraConfig = "Host cache store\\n  HostName 10.0.0.5\\n";'],
    ["ssh://nix-ssh@store", 'networking.hosts."10.0.0.5" = [ "store" "store.example.org" ];'],
  ];
  for (const [url, more] of clients) {
    const carets = "^".repeat(url?.length ?? 0);
    checkDiagnostics(
      CODE,
      `#- hive.nix
{
  stage = {
    networking.interfaces.eth0 = {
      ipv4.addresses = [ { address = "10.0.0.5"; prefixLength = 24; } ];
      ipv6.addresses = [ { address = "2001:db8::5"; prefixLength = 64; } ];
    };
  };
  web = {
    ${more}
    nix.settings.substituters = [ "${url}" ];
                                   ${carets} error ssh-cache-not-served: …
  };
}
`,
    );
  }
});

test("names of others lead to no host of the fleet", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage = { networking.interfaces.eth0.ipv4.addresses = [ { address = "10.0.0.5"; prefixLength = 24; } ]; };
  web = {
    programs.ssh.extraConfig = ''
      Host *.example.org
        HostName 10.0.0.5
      Host other
        HostName 10.0.0.6
    '';
    networking.hosts."10.0.0.6" = [ "store" ];
    nix.settings.substituters = [ "ssh://nix-ssh@store" "ssh://nix-ssh@other" "ssh://nix-ssh@x.example.org" ];
  };
}
`,
  );
});

test("a user nix-ssh that was set up by hand may serve the store", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  stage = { imports = [ ./serve.nix ]; };
  web = { nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; };
}
#- serve.nix
{ users.users.nix-ssh = { isNormalUser = true; openssh.authorizedKeys.keyFiles = [ ./web.pub ]; }; }
`,
  );
});

test("what is enabled speaks the client's protocol", () => {
  checkFix(
    CODE,
    nix`
#- hive.nix
{
  stage = ./stage.nix;
  web = { nix.settings.substituters = [ "ssh-ng://nix-ssh$0@stage" ]; };
}
#- stage.nix
{
  nix.gc.automatic = true;
}
`,
    nix`
#- hive.nix
{
  stage = ./stage.nix;
  web = { nix.settings.substituters = [ "ssh-ng://nix-ssh@stage" ]; };
}
#- stage.nix
{
  nix.gc.automatic = true;
  nix.sshServe = { enable = true; protocol = "ssh-ng"; };
}
`,
  );
});

test("a flake's nixConfig that names a host of its own", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  nixConfig.extra-substituters = [ "ssh://nix-ssh@stage" "ssh://nix-ssh@elsewhere" ];
                                    ^^^^^^^^^^^^^^^^^^^ error ssh-cache-not-served: this nixConfig names "stage" as a cache, which does not serve its store (nix.sshServe.enable is false there): …
  outputs = { nixpkgs, ... }: { nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ { } ]; }; };
}
`,
  );
});
