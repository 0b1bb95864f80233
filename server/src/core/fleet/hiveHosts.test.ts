import { expect, test } from "vitest";
import { fleetOf, line, text } from "../../../../test/harness/fleetOf";

test("the port of a hive's node is an argument for ssh", () => {
  const hive = (port: string) => `{ meta.nixpkgs = <nixpkgs>; web = { deployment.targetPort = ${port}; }; }`;
  const optsOf = (port: string) => fleetOf({ "hive.nix": hive(port) }).hosts[0]?.sshOpts;
  expect(optsOf("2222")).toMatchObject({ known: true, value: ["-p", "2222"] });
  expect(optsOf("null")).toBeUndefined();
});

test("colmena nodes get defaults, deployment options and arguments of their own", () => {
  const fleet = fleetOf({
    "flake.nix": `{
      inputs.nixpkgs.url = "nixpkgs";
      inputs.colmena.url = "github:zhaofengli/colmena";
      outputs = { self, nixpkgs, colmena }: {
        colmenaHive = colmena.lib.makeHive self.outputs.colmena;
        colmena = {
          meta = { nixpkgs = import nixpkgs { system = "aarch64-linux"; }; nodeSpecialArgs.a.port = 22; };
          defaults = { name, ... }: { deployment.targetHost = "\${name}.lan"; };
          a = { port, ... }: { deployment.tags = [ "web" "p\${toString port}" ]; };
          b = { lib, ... }: { deployment.targetHost = lib.mkForce null; deployment.targetUser = "me"; };
        };
      };
    }`,
  });
  expect(fleet.hosts.map(line)).toEqual([
    "a colmena a.lan root aarch64-linux",
    "b colmena - me aarch64-linux",
  ]);
  expect(fleet.hosts[0]?.tags).toEqual(["web", "p22"]);
});

test("a hive.nix by itself is an entry point", () => {
  const fleet = fleetOf({
    "hive.nix": `{ meta.nixpkgs = <nixpkgs>; a = { deployment.targetHost = "1.2.3.4"; }; }`,
  });
  expect(fleet.hosts.map(host => [host.name, text(host.hostname)])).toEqual([["a", "1.2.3.4"]]);
});

test("a hive.nix that is a flake or a module holds no hosts", () => {
  const hostsOf = (hive: string): readonly string[] =>
    fleetOf({ "sub/hive.nix": hive }).hosts.map(host => host.name);
  expect(
    hostsOf(`{
      description = "cells"; nixConfig.connect-timeout = 10;
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      outputs = { self, hive, ... }@inputs: hive.growOn { inherit inputs; };
    }`),
  ).toEqual([]);
  expect(
    hostsOf(`{ hive.nodes = { north.address.ipv4 = "192.168.33.1"; south.snowflake = true; }; }`),
  ).toEqual([]);
  expect(hostsOf("{ ... }: { services.nginx.enable = true; my.hive = builtins.toJSON { }; }")).toEqual([]);
  expect(hostsOf("let port = 80; in { networking.firewall.allowedTCPPorts = [ port ]; }")).toEqual([]);
  expect(hostsOf(`{ services.deployment.targetHost = "services.lan"; users = ./users.nix; }`)).toEqual([
    "services",
    "users",
  ]);
  expect(hostsOf("{ web = ./web.nix; db.networking.hostName = null; cache = { ... }: { }; }")).toEqual([
    "web",
    "db",
    "cache",
  ]);
});

test("the nodes of a hive that makeHive made are systems of their own", () => {
  const { hosts, entryPoints } = fleetOf({
    "flake.nix": `{
  inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; colmena.url = "github:zhaofengli/colmena"; };
  outputs = { self, nixpkgs, colmena }: {
    nixosConfigurations = { laptop = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; }; }
      // self.colmenaHive.nodes;
    colmenaHive = colmena.lib.makeHive {
      meta.nixpkgs = import nixpkgs { system = "aarch64-linux"; };
      web = { deployment.targetHost = "web.example.org"; };
    };
  };
}`,
  });
  expect(hosts.map(line)).toEqual([
    "laptop nixos-rebuild - - x86_64-linux",
    "web colmena+nixos-rebuild web.example.org root aarch64-linux",
  ]);
  expect(entryPoints.map(each => each.why)).toEqual([[]]);
});
