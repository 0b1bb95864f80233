// known-hosts-malformed in options and URLs, and its fixes.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "known-hosts-malformed";

test("a host in front, a cut-off key, both kinds", () => {
  checkDiagnostics(
    CODE,
    nix`
{ programs.ssh.knownHosts = {
  a.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5";
                             ^^^^^^^^^^^^^^^^^^^^ error known-hosts-malformed: the key is cut off: ssh cannot use this host key and ends with "Host key verification failed"
  b = {
    publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
    ^^^^^^^^^ error known-hosts-malformed: programs.ssh.knownHosts.b has both publicKey and publicKeyFile: the build stops, exactly one is allowed
    publicKeyFile = ./b.pub;
  };
}; }
`,
  );
});

test("the host name of ssh-keyscan is taken away", () => {
  checkFix(
    CODE,
    nix`{ programs.ssh.knownHosts.x.publicKey = "stage.$0example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55"; }`,
    nix`{ programs.ssh.knownHosts.x.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55"; }`,
  );
});

test("a bare blob in a URL is encoded with its type", () => {
  checkFix(
    CODE,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@stage?base64-ssh-public-host-key=$0AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }`,
    nix`{ nix.settings.substituters = [ "ssh://nix-ssh@stage?base64-ssh-public-host-key=c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUpxMVJYc0FXMTNPU3UwcHN2ZzQ1Zm9wOHZWV01UMlhZYUszcWJPNG5oNTU=" ]; }`,
  );
});

test("good pins, computed names, and values that are not known", () => {
  checkClean(
    CODE,
    nix`
{ lib, hosts, ... }:
{
  programs.ssh.knownHosts = lib.mapAttrs (_: h: { publicKey = h.key; }) hosts;
  programs.ssh.knownHosts.x.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 comment";
  programs.ssh.knownHosts.y = { publicKey = null; publicKeyFile = ./y.pub; };
}
`,
  );
});

test("a file that holds no host key, and one that does", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a = {
    programs.ssh.knownHosts = {
      x.publicKeyFile = ./x.pub;
      y.publicKeyFile = ./y.pub;
                        ^^^^^^^ error known-hosts-malformed: y.pub holds no host key that ssh can use ("y.example.org" in front of the key is the host name of a known_hosts line): ssh ends with "Host key verification failed"
      z.publicKeyFile = ./z.pub;
                        ^^^^^^^ error known-hosts-malformed: z.pub holds no host key that ssh can use (the key is cut off): ssh ends with "Host key verification failed"
      unread.publicKeyFile = ./elsewhere.pub;
    };
  };
}
#- x.pub
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@x
#- y.pub
y.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55
#- z.pub
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5
`,
  );
});

test("a known host without any key stops the build", () => {
  checkDiagnostics(
    CODE,
    nix`
{ programs.ssh.knownHosts.stage.hostNames = [ "stage.example.org" ]; }
                                ^^^^^^^^^ error known-hosts-malformed: programs.ssh.knownHosts.stage has neither publicKey nor publicKeyFile on host "w": the build stops, exactly one is needed
`,
  );
});

test("a key from another module, or one that is not known, is a key", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a = { imports = [ { programs.ssh.knownHosts.x.publicKeyFile = ./x.pub; } ]; programs.ssh.knownHosts.x.hostNames = [ "x" ]; };
  b = { keys, ... }: { programs.ssh.knownHosts.x = { hostNames = [ "x" ]; publicKey = keys.x; }; };
}
`,
  );
});
