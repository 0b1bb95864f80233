// ssh-cache-host-key-unpinned: caches over SSH whose machine nothing identifies.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix, checkNoFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "ssh-cache-host-key-unpinned";

test("no known host, one for another name, one for another port", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.substituters = [ "ssh://nix-ssh@cache.example.org" ];
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning ssh-cache-host-key-unpinned: nothing in programs.ssh.knownHosts tells host "a" the host key of cache.example.org: "Host key verification failed" ends every build, or ssh waits for an answer
  b = {
    nix.settings.substituters = [ "ssh://nix-ssh@cache.example.org:2222" ];
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning ssh-cache-host-key-unpinned: nothing in programs.ssh.knownHosts tells host "b" the host key of cache.example.org: "Host key verification failed" ends every build, or ssh waits for an answer
    programs.ssh.knownHosts."cache.example.org".publicKey = "k";
    programs.ssh.knownHosts.other = { hostNames = [ "cache" "10.0.0.1" ]; publicKey = "k"; };
  };
}
`,
  );
});

test("every way to pin a host key", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { nix.settings.substituters = [ "ssh://nix-ssh@c" ]; programs.ssh.knownHosts.c.publicKey = "k"; };
  b = { nix.settings.substituters = [ "ssh://nix-ssh@c" ]; programs.ssh.knownHosts.x = { extraHostNames = [ "c" ]; publicKey = "k"; }; };
  d = { nix.settings.substituters = [ "ssh://nix-ssh@c.example.org" ]; programs.ssh.knownHosts."*.example.org" = { certAuthority = true; publicKey = "k"; }; };
  e = { nix.settings.substituters = [ "ssh://nix-ssh@c?base64-ssh-public-host-key=c3NoLWVkMjU1MTkgQUFBQQ==" ]; };
  f = { nix.settings.substituters = [ "ssh://nix-ssh@c" ]; programs.ssh.knownHostsFiles = [ ./known_hosts ]; };
  g = { nix.settings.substituters = [ "ssh://nix-ssh@c" ]; programs.ssh.extraConfig = "StrictHostKeyChecking accept-new"; };
  h = { hosts, lib, ... }: { nix.settings.substituters = [ "ssh://nix-ssh@c" ]; programs.ssh.knownHosts = lib.mapAttrs (_: k: { publicKey = k; }) hosts; };
  i = { nix.settings.substituters = [ "ssh://nix-ssh@[::1]:2222" ]; programs.ssh.knownHosts."[[::1]]:2222".publicKey = "k"; };
}
`,
  );
});

test("the fix pins the key that the host showed", () => {
  checkFix(
    CODE,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ { nix.sshServe.enable = true; } ]; };
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
  };
}
#- prod.nix
{
  nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
}
#- observed.json
[{ "host": "stage", "tier": "observed", "hostPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" }]
`,
    nix`
#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.stage = nixpkgs.lib.nixosSystem { modules = [ { nix.sshServe.enable = true; } ]; };
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
  };
}
#- prod.nix
{
  nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
  programs.ssh.knownHosts."stage".publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
}
#- observed.json
[{ "host": "stage", "tier": "observed", "hostPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" }]
`,
  );
});

test("ssh looks for the key under the name that its configuration makes of an alias, and of IPv6 without brackets", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  web = {
    programs.ssh.extraConfig = "Host cache\n  HostName 10.0.0.5\n";
    programs.ssh.knownHosts."10.0.0.5".publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
    programs.ssh.knownHosts."2001:db8::5".publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
    nix.settings.substituters = [ "ssh://nix-ssh@cache" "ssh://nix-ssh@[2001:db8::5]" ];
  };
}
`,
  );
});

test("the fix stands at the root of the module, beside the set that holds the cache", () => {
  checkFix(
    CODE,
    nix`
{
  nix = {
    # the shop's own
    settings = { substituters = [ "ssh://nix-$0ssh@stage" ]; };
  }; # nix
}
`,
    nix`
{
  nix = {
    # the shop's own
    settings = { substituters = [ "ssh://nix-ssh@stage" ]; };
  }; # nix
  programs.ssh.knownHosts."stage".publicKey = "";
}
`,
  );
});

test("no fix where the name has a value that takes no effect", () => {
  checkNoFix(
    CODE,
    nix`
{ lib, ... }:
{
  nix.settings.substituters = [ "ssh://nix-$0ssh@stage" ];
  programs.ssh.knownHosts = lib.mkIf false { stage.publicKey = "x"; };
}
`,
  );
});
