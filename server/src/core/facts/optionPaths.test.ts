import { expect, test } from "vitest";
import { mayNameOption } from "./optionPaths";

test.each([
  "{ nix.settings.substituters = [ ]; }",
  "{ config.nix.gc.automatic = true; }",
  "{ config.nix\n  .gc = { }; }",
  "{ config.nix /* ours */ .gc = { }; }",
  '{ config."nix" = { }; }',
  '{ config.${"nix"}.gc = { }; }',
  "{ inherit (common) nix; }",
  "{ services = { openssh.enable = true; }; }",
  '{ services."nix-serve" = { enable = true; }; }',
  "{ programs.ssh.knownHosts = { }; }",
  "{ services = { cachix-agent.enable = true; }; }",
])("a text that may define an option: %s", text => {
  expect(mayNameOption(text)).toBe(true);
});

test.each([
  "{ imports = [ ./disk.nix ../users/root.nix ]; }",
  "import ./default.nix",
  "{ services.nginx.enable = true; environment.etc.x.source = ./x.nix; }",
  "{ pkgs, ... }: { environment.systemPackages = [ pkgs.nixfmt ]; }",
])("a text that defines none: %s", text => {
  expect(mayNameOption(text)).toBe(false);
});
