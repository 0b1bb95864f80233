// Flake frameworks whose folders or modules make the hosts.

import { expect, test } from "vitest";
import { fleetOf, line, plain } from "../../../../test/harness/fleetOf";

test("flake-parts modules, withSystem and perSystem are followed", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.flake-parts.url = "github:hercules-ci/flake-parts";
      outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
        systems = [ "x86_64-linux" ];
        imports = [ ./hosts.nix inputs.treefmt-nix.flakeModule ];
        perSystem = { pkgs, ... }: { treefmt.programs.nixfmt.enable = true; };
      };
      inputs.treefmt-nix.url = "github:numtide/treefmt-nix";
      inputs.nixpkgs.url = "nixpkgs";
    }`,
    "hosts.nix": `{ inputs, withSystem, ... }: {
      flake.nixosConfigurations.m = withSystem "x86_64-linux" ({ system, ... }: inputs.nixpkgs.lib.nixosSystem { modules = [ { nixpkgs.hostPlatform = system; } ]; });
    }`,
  });
  expect(fleet.hosts.map(line)).toEqual(["m nixos-rebuild - - x86_64-linux"]);
  expect(fleet.entryPoints[0]?.why).toEqual([]);
});

test("flake modules that are not read leave an output with one definition, and make one with two unknown", () => {
  const flake = (more: string) => `{
    inputs.flake-parts.url = "github:hercules-ci/flake-parts";
    inputs.other.url = "github:somebody/else";
    outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" ];
      imports = [ inputs.other.flakeModule ${more} ];
      flake.deploy.nodes.web = { hostname = "web"; profiles = { }; };
    };
  }`;
  const one = fleetOf({ "flake.nix": flake("") });
  expect(one.hosts.map(host => host.name)).toEqual(["web"]);
  const two = fleetOf({ "flake.nix": flake("{ flake.deploy.nodes.db = { }; }") });
  expect(two.hosts).toEqual([]);
  expect(two.problems).toEqual([]);
});

test("flake.modules may hold modules themselves where flake-parts does not declare it", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.flake-parts.url = "github:hercules-ci/flake-parts";
      outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
        systems = [ "x86_64-linux" ];
        flake.modules.base = { ... }: { nixpkgs.hostPlatform = "x86_64-linux"; };
        flake.modules.hosts.web = { ... }: { imports = [ inputs.self.modules.base ]; networking.hostName = "web-machine"; };
        flake.nixosConfigurations.web = inputs.nixpkgs.lib.nixosSystem { modules = [ inputs.self.modules.hosts.web ]; };
      };
      inputs.nixpkgs.url = "nixpkgs";
    }`,
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual(["web nixos-rebuild - - x86_64-linux"]);
  expect(plain(fleet.hosts[0]?.effective.get("networking.hostName"))).toBe("web-machine");
});

test("import-tree imports what lies below a folder, but for names with an underscore", () => {
  const host = (name: string) => `{ inputs, config, ... }: {
    flake.modules.nixos.${name} = { networking.hostName = "${name}-machine"; };
    flake.nixosConfigurations.${name} = inputs.nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ config.flake.modules.nixos.${name} config.flake.modules.nixos.base ];
    };
  }`;
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.flake-parts.url = "github:hercules-ci/flake-parts";
      inputs.import-tree.url = "github:vic/import-tree";
      outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } (inputs.import-tree [ ./modules ./extra.nix ]);
    }`,
    "modules/hosts/web.nix": host("web"),
    "modules/hosts/_old/db.nix": host("db"),
    "modules/_draft.nix": "{ flake.nope = throw ''read''; }",
    "modules/README.md": "not Nix",
    "modules/base.nix": `{ flake.modules.nixos.base = { nix.settings.substituters = [ "https://a.example.org" ]; }; }`,
    "extra.nix": "{ systems = [ ]; }",
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual(["web nixos-rebuild - - x86_64-linux"]);
  const effective = fleet.hosts[0]?.effective;
  expect(plain(effective?.get("networking.hostName"))).toBe("web-machine");
  expect(plain(effective?.get("nix.settings.substituters"))).toEqual([
    "https://a.example.org",
    "https://cache.nixos.org/",
  ]);
});

test("nixos-unified makes a machine of each file below configurations/nixos", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.flake-parts.url = "github:hercules-ci/flake-parts";
      inputs.home-manager.url = "github:nix-community/home-manager";
      inputs.nixos-unified.url = "github:srid/nixos-unified";
      inputs.srvos.url = "github:nix-community/srvos";
      outputs = inputs: inputs.nixos-unified.lib.mkFlake { inherit inputs; root = ./.; systems = [ "x86_64-linux" ]; };
    }`,
    "modules/flake/toplevel.nix": `{ inputs, ... }: {
      imports = [ inputs.nixos-unified.flakeModules.default inputs.nixos-unified.flakeModules.autoWire ];
    }`,
    "modules/nixos/base.nix": `{ nix.settings.substituters = [ "https://a.example.org" ]; }`,
    "configurations/nixos/web.nix": `{ flake, ... }: {
      imports = [ flake.inputs.self.nixosModules.base ];
      nixpkgs.hostPlatform = "x86_64-linux";
      networking.hostName = "web-machine";
      nixos-unified.sshTarget = "root@web.example.org";
    }`,
    "configurations/nixos/db/default.nix": `{ nixpkgs.hostPlatform = "aarch64-linux"; }`,
    "configurations/nixos/far.nix": `{ flake, ... }: {
      imports = [ flake.inputs.srvos.nixosModules.server ];
      nixos-unified.sshTarget = "far.example.org";
    }`,
    "configurations/nixos/notes/README.md": "no machine",
    "configurations/nixos/hosts.txt": "no machine",
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual([
    "db nixos-rebuild - - aarch64-linux",
    // the module that is not read may say something else
    "far nixos-rebuild unknown: a module of nix-community/srvos - unknown: the system is not set",
    "web nixos-rebuild web.example.org root x86_64-linux",
  ]);
  const { hostname } = fleet.hosts.find(host => host.name === "web") ?? {};
  expect(hostname?.span?.path).toBe("/w/configurations/nixos/web.nix");
  const web = fleet.hosts.find(host => host.name === "web")?.effective;
  expect(plain(web?.get("networking.hostName"))).toBe("web-machine");
  expect(plain(web?.get("nix.settings.substituters"))).toEqual([
    "https://a.example.org",
    "https://cache.nixos.org/",
  ]);
});

test("blueprint makes a machine of each folder below hosts", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.nix-darwin.url = "github:nix-darwin/nix-darwin";
      inputs.blueprint.url = "github:numtide/blueprint";
      outputs = inputs: inputs.blueprint { inherit inputs; prefix = "nix"; };
    }`,
    "nix/hosts/web/configuration.nix": `{ flake, inputs, hostName, perSystem, ... }: {
      imports = [ flake.nixosModules.base inputs.self.nixosModules.wrapped ];
      nixpkgs.hostPlatform = "x86_64-linux";
      networking.hostName = hostName;
    }`,
    "nix/hosts/db/default.nix": `{ flake, inputs, hostName }: {
      class = "nixos";
      value = inputs.nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ { networking = { inherit hostName; }; } ]; };
    }`,
    "nix/hosts/book/darwin-configuration.nix": "{ }",
    "nix/hosts/kiosk/users/me.nix": "{ }",
    "nix/modules/nixos/base.nix": `{ nix.settings.substituters = [ "https://a.example.org" ]; }`,
    "nix/modules/nixos/wrapped.nix": `{ flake, inputs }: { lib, ... }: { nix.settings.cores = 2; }`,
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual([
    "db nixos-rebuild - - aarch64-linux",
    "web nixos-rebuild - - x86_64-linux",
    "book darwin-rebuild - - unknown: the system is not set",
  ]);
  const web = fleet.hosts.find(host => host.name === "web")?.effective;
  expect(plain(web?.get("networking.hostName"))).toBe("web");
  expect(plain(web?.get("nix.settings.cores"))).toBe(2n);
  expect(plain(web?.get("nix.settings.substituters"))).toEqual([
    "https://a.example.org",
    "https://cache.nixos.org/",
  ]);
});

test("snowfall-lib makes a machine of each folder below systems/TARGET", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.snowfall-lib.url = "github:snowfallorg/lib";
      outputs = inputs:
        let lib = inputs.snowfall-lib.mkLib { inherit inputs; src = ./.; snowfall.namespace = "plus"; };
        in lib.mkFlake {
          channels-config.allowUnfree = true;
          systems.modules.nixos = [ { time.timeZone = "UTC"; } ];
          systems.hosts.web.specialArgs = { colour = "red"; };
          note = "kept";
        };
    }`,
    "systems/x86_64-linux/web/default.nix": `{ lib, host, namespace, inputs, colour, ... }: with lib; with lib.\${namespace}; {
      networking.hostName = "\${host}-\${colour}";
      plus.suite = enabled;
    }`,
    "systems/aarch64-linux/pi/default.nix": `{ networking.hostName = "pi"; }`,
    "systems/x86_64-iso/rescue/default.nix": "{ }",
    "systems/x86_64-linux/notes/README.md": "no machine",
    "modules/nixos/base/default.nix": `{ nix.settings.cores = 2; }`,
    "modules/nixos/deep/er/default.nix": `{ lib, ... }: { options.plus.suite = lib.mkOption { type = lib.types.anything; }; }`,
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual([
    "pi nixos-rebuild - - aarch64-linux",
    "web nixos-rebuild - - x86_64-linux",
  ]);
  const web = fleet.hosts.find(host => host.name === "web");
  expect(plain(web?.effective.get("networking.hostName"))).toBe("web-red");
  expect(web?.why).toContain("a module of snowfall-lib");
});
