// Flake modules of flake-parts that make the hosts.

import { expect, test } from "vitest";
import { type Files, fleetOf, line, plain } from "../../../../test/harness/fleetOf";

const INPUTS = `
  inputs.nixpkgs.url = "nixpkgs";
  inputs.darwin.url = "github:nix-darwin/nix-darwin";
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
`;

/** What the hosts of these files have as a setting, by name; nothing may be wrong in them. */
function settingOf(files: Files, option: string): Record<string, unknown> {
  const { hosts, problems } = fleetOf(files);
  expect(problems).toEqual([]);
  return Object.fromEntries(hosts.map(host => [host.name, plain(host.effective.get(option))]));
}

const EASY_HOSTS: Files = {
  "flake.nix": `{
    ${INPUTS}
    inputs.easy-hosts.url = "github:tgirlcloud/easy-hosts";
    outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [ inputs.easy-hosts.flakeModule ];
      systems = [ "x86_64-linux" ];
      easy-hosts = {
        autoConstruct = true;
        path = ./hosts;
        additionalClasses.wsl = "nixos";
        shared.modules = [ ./modules/base.nix ];
        shared.specialArgs = { colour = "red"; nested.a = 1; };
        perClass = class: {
          modules = inputs.nixpkgs.lib.optional (class == "wsl") { nix.settings.substituters = [ "https://wsl.example.org" ]; };
          specialArgs.nested.b = class;
        };
        perArch = arch: { modules = [ { nix.settings.substituters = [ "https://\${arch}.example.org" ]; } ]; };
        perTag = tag: { modules = [ { nix.settings.substituters = [ "https://\${tag}.example.org" ]; } ]; };
        hosts.named = { arch = "aarch64"; class = "wsl"; tags = [ "edge" ]; modules = [ { networking.hostName = "other"; } ]; };
        hosts.auto.tags = [ "extra" ];
      };
    };
  }`,
  "modules/base.nix":
    '{ colour, nested, inputs, self, ... }: { nix.settings.extra-substituters = [ "https://${colour}-${nested.b}.example.org" ]; }',
  "hosts/x86_64-nixos/auto/default.nix": "{ }",
  "hosts/aarch64-darwin/book/default.nix": "{ }",
  "hosts/x86_64-iso/stick/default.nix": "{ }",
  "hosts/README.md": "no host",
  "systems/named/default.nix": `{ nix.settings.substituters = [ "https://found.example.org" ]; }`,
};

test("easy-hosts makes a machine of each host that is named and of each folder", () => {
  const fleet = fleetOf(EASY_HOSTS);
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual([
    // the module of nixpkgs that makes it an installer is not read, and may say something else
    "stick nixos-rebuild - - unknown: the module nixos/modules/installer/cd-dvd/installation-cd-minimal-new-kernel.nix of nixpkgs is not read",
    "auto nixos-rebuild - - x86_64-linux",
    "named nixos-rebuild - - aarch64-linux",
    "book darwin-rebuild - - aarch64-darwin",
  ]);
});

test("hosts of easy-hosts have the modules and arguments of all, of their class, architecture and tags", () => {
  const own = "https://cache.nixos.org/";
  expect(settingOf(EASY_HOSTS, "nix.settings.substituters")).toMatchObject({
    auto: ["https://extra.example.org", "https://x86_64.example.org", own],
    named: [
      "https://found.example.org",
      "https://edge.example.org",
      "https://wsl.example.org",
      "https://aarch64.example.org",
      own,
    ],
    book: ["https://aarch64.example.org", own],
  });
  expect(settingOf(EASY_HOSTS, "nix.settings.extra-substituters")).toMatchObject({
    auto: ["https://red-nixos.example.org"],
    named: ["https://red-wsl.example.org"],
    book: ["https://red-darwin.example.org"],
  });
  expect(settingOf(EASY_HOSTS, "networking.hostName")).toMatchObject({ auto: "auto", named: "other" });
});

test("older versions of easy-hosts call their option easyHosts, and one system needs no folder of its own", () => {
  const files = {
    "flake.nix": `{
      ${INPUTS}
      inputs.easy-hosts.url = "github:tgirlcloud/easy-hosts";
      outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
        imports = [ inputs.easy-hosts.flakeModules.default ];
        systems = [ "aarch64-linux" ];
        easyHosts = { autoConstruct = true; path = ./hosts; onlySystem = "aarch64-nixos"; };
      };
    }`,
    "hosts/web/default.nix": "{ }",
  };
  expect(fleetOf(files).hosts.map(line)).toEqual(["web nixos-rebuild - - aarch64-linux"]);
});

test("flake-file's modules write flake.nix and hide no host", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      ${INPUTS}
      inputs.flake-file.url = "github:vic/flake-file";
      inputs.import-tree.url = "github:vic/import-tree";
      outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } (inputs.import-tree ./modules);
    }`,
    "modules/dendritic.nix": `{ inputs, ... }: {
      imports = [ inputs.flake-file.flakeModules.dendritic (inputs.flake-file.flakeModules.allfollow or { }) ];
      flake-file.inputs.nixpkgs.url = "nixpkgs";
    }`,
    "modules/base.nix": `{ flake.modules.nixos.base = { nixpkgs.hostPlatform = "x86_64-linux"; }; }`,
    "modules/web.nix": `{ inputs, config, ... }: {
      flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem { modules = [ config.flake.modules.nixos.base ]; };
    }`,
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.entryPoints[0]?.why).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual(["web nixos-rebuild - - x86_64-linux"]);
});
