// setting-ignored: settings where nobody looks for them.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "setting-ignored";

test("what the machine alone decides, in a flake and in a user's nix.conf", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{ nixConfig.trusted-users = [ "me" ]; outputs = { ... }: { }; }
            ^^^^^^^^^^^^^ warning setting-ignored: trusted-users has no effect in a flake's nixConfig: the daemon takes it from the nix.conf of its machine alone (nix.settings.trusted-users)
#- dotfiles/.config/nix/nix.conf
trusted-substituters = https://a
^^^^^^^^^^^^^^^^^^^^ warning setting-ignored: trusted-substituters has no effect in a user's own nix.conf: the daemon takes it from the nix.conf of its machine alone (nix.settings.trusted-substituters)
`,
  );
});

test("what the machine alone decides, in a module of Home Manager", () => {
  checkDiagnostics(
    CODE,
    nix`
#- home.nix
{
  home.username = "ann";
  nix.settings = { trusted-users = [ "ann" ]; experimental-features = [ "flakes" ]; };
                   ^^^^^^^^^^^^^ warning setting-ignored: trusted-users has no effect in Home Manager, which writes a user's own nix.conf: the daemon takes it from the nix.conf of its machine alone (nix.settings.trusted-users of NixOS or nix-darwin)
}
`,
  );
  checkClean(
    CODE,
    nix`
#- both.nix
{
  nix.settings.trusted-users = [ "ann" ];
  home-manager.users.ann = { home.username = "ann"; };
}
#- nested.nix
{ username, ... }:
{
  home-manager = { useGlobalPkgs = true; users.\${username} = { home.username = username; }; };
  nix.settings.trusted-users = [ username ];
}
#- accounts.nix
{ pkgs, me, ... }:
{
  users = { mutableUsers = false; users.\${me}.shell = pkgs.fish; };
  home.\${me} = { programs.home-manager.enable = true; };
  nix.settings.trusted-users = [ me ];
}
`,
  );
});

test("write over ssh-ng", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.sshServe = { enable = true; protocol = "ssh-ng"; write = true; keys = [ ]; }; }
                                                       ^^^^^ warning setting-ignored: write has no effect on host "w": with protocol = "ssh-ng" the daemon decides by signatures and trust what it takes
`,
  );
});

test("the same on the machine, and what a client may say", () => {
  checkClean(
    CODE,
    nix`
#- flake.nix
{ nixConfig = { extra-substituters = [ "https://a" ]; extra-trusted-public-keys = [ "k" ]; }; outputs = { ... }: { }; }
#- etc/nix/nix.conf
trusted-users = root me
#- configuration.nix
{ nix.settings.trusted-users = [ "me" ]; nix.sshServe.write = true; }
`,
  );
});

test("settings of a host that leaves nix.conf to another tool", () => {
  checkDiagnostics(
    CODE,
    nix`
#- flake.nix
{ outputs = { nix-darwin, nixpkgs, ... }: {
  darwinConfigurations.mac = nix-darwin.lib.darwinSystem { modules = [ ./common.nix ./mac.nix ]; };
  nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./common.nix ]; };
}; }
#- common.nix
{ nix.settings.cores = 2; }
#- mac.nix
{ nix.enable = false; nix.settings = { substituters = [ "https://nix-community.cachix.org" ]; max-jobs = 2; }; }
                                       ^^^^^^^^^^^^ warning setting-ignored: nix.settings has no effect on host "mac": nix.enable = false leaves nix.conf to another tool
`,
  );
});
