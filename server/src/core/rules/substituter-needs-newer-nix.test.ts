// substituter-needs-newer-nix: forms of URLs for newer versions of Nix.

import { test } from "vitest";
import { checkClean, checkDiagnostics, checkFix } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "substituter-needs-newer-nix";

test("a port in an SSH URL, by what is known of the host's Nix", () => {
  checkDiagnostics(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.substituters = [ "ssh://nix-ssh@cache:2222?priority=50" ];
                                                      ^^^^^ warning substituter-needs-newer-nix: host "a" needs Nix 2.31 for a port in an SSH URL: older ones take ":2222" for part of the host's name, and every build fails
  b.nix.settings.substituters = [ "ssh-ng://nix-ssh@cache:2222" ];
                                                         ^^^^^ warning substituter-needs-newer-nix: host "b" needs Nix 2.31 for a port in an SSH URL, and this one runs 2.28.3: older ones take ":2222" for part of the host's name, and every build fails
}
#- observed.json
[{ "host": "b", "tier": "observed", "nixVersion": "2.28.3" }]
`,
  );
});

test("a flake of an old release", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ({ nix.settings.substituters = [ "ssh://cache:2222" ]; }) ]; };
                                                                                                               ^^^^^ warning substituter-needs-newer-nix (review): host "a" needs Nix 2.31 for a port in an SSH URL, and this one runs the Nix of NixOS 24.11: older ones take ":2222" for part of the host's name, and every build fails
  };
}
`,
  );
});

test("new versions, flakes without an old release, and ports elsewhere", () => {
  checkClean(
    CODE,
    nix`
#- hive.nix
{
  a.nix.settings.substituters = [ "https://cache:2222" "ssh://cache" ];
  b.nix.settings.substituters = [ "ssh-ng://nix-ssh@cache:2222" ];
}
#- observed.json
[{ "host": "b", "tier": "observed", "nixVersion": "2.31.1" }]
#- x/flake.nix
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.c = nixpkgs.lib.nixosSystem { modules = [ ({ nix.settings.substituters = [ "ssh://cache:2222" ]; }) ]; };
  };
}
`,
  );
});

test("the fix moves the port into ssh's configuration", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.substituters = [ "ssh://cache:22$022?priority=50" ];
}
`,
    nix`
{
  nix.settings.substituters = [ "ssh://cache?priority=50" ];
  programs.ssh.extraConfig = "Host cache\n  Port 2222\n";
}
`,
  );
});

test("ssh's configuration has IPv6 addresses without brackets", () => {
  checkFix(
    CODE,
    nix`
{
  nix.settings.substituters = [ "ssh://cache@[2001:db8::5]:22$022" ];
}
`,
    nix`
{
  nix.settings.substituters = [ "ssh://cache@[2001:db8::5]" ];
  programs.ssh.extraConfig = "Host 2001:db8::5\n  Port 2222\n";
}
`,
  );
});

test("the package that the host chooses decides", () => {
  checkClean(
    CODE,
    nix`{ pkgs, ... }: { nix.package = pkgs.nixVersions.nix_2_31; nix.settings.substituters = [ "ssh://nix-ssh@stage:2222" ]; }`,
  );
  checkClean(
    CODE,
    nix`{ pkgs, ... }: { nix.package = pkgs.lix; nix.settings.substituters = [ "ssh://nix-ssh@stage:2222" ]; }`,
  );
  checkDiagnostics(
    CODE,
    nix`
{ pkgs, ... }: { nix.package = pkgs.nixVersions.nix_2_28; networking.hostName = "web"; nix.settings.substituters = [ "ssh://nix-ssh@stage:2222" ]; }
                                                                                                                                         ^^^^^ warning substituter-needs-newer-nix (review): host "web" needs Nix 2.31 for a port in an SSH URL, and this one runs Nix 2.28: …
`,
  );
});
