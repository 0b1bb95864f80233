// What syntax finds, what it leaves alone.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

const CODE = "syntax";

test("what Nix cannot read", () => {
  checkDiagnostics(
    CODE,
    nix`
{ nix.gc = ; }
         ^ error syntax: missing value
`,
  );
});

test("what it can", () => {
  checkClean(
    CODE,
    nix`
{ pkgs, ... }: { nix.gc.automatic = true; }
`,
  );
});

test("a template becomes Nix when its placeholders are filled in", () => {
  checkClean(
    CODE,
    nix`
{
  imports = [
    ./base.nix
    @customizationModule@
  ];
}
`,
  );
});

test("a template of Jinja becomes Nix later; one in a string does not make a template of the file", () => {
  checkClean(
    CODE,
    nix`
#- templates/boot.nix
{ ... }:
{
  flake.modules.nixos.host_{{ machine_name | snake_case }} = { boot.loader.grub.enable = true; };
}
#- templates/target.nix
{
  {% if public_ipv6 -%}
  deployment.targetHost = "{{ public_ipv6 }}";
  {% endif -%}
}
`,
  );
  checkDiagnostics(
    CODE,
    nix`
{
  a = "{{ .Data.token }}"; # {% raw %}
  b = ;
    ^ error syntax: missing value
}
`,
  );
});

test("a snippet of an editor becomes Nix when it is inserted; a shell variable alone makes none", () => {
  checkClean(
    CODE,
    nix`
#- neovim/snippets/nix/module.nix
{ config, lib, ... }:
let
  cfg = config.within.$1;
in {
  config = lib.mkIf cfg.enable {
    $0
  };
}
`,
  );
  checkDiagnostics(
    CODE,
    nix`
#- scripts/backup.nix
{ script = $1; }
           ^ error syntax: unexpected '$'
`,
  );
});
