import { expect, test } from "vitest";
import {
  changesOf,
  DEPLOY_FILES,
  DEPLOY_FLAKE,
  fleetOf,
  line,
  plain,
  workspace,
} from "../../../../test/harness/fleetOf";
import type { Fleet } from "./fleet";

test("effective settings hold what NixOS adds, and what mkForce drops", () => {
  const [web, db] = fleetOf(DEPLOY_FILES).hosts;
  expect(plain(web?.effective.get("nix.settings.substituters"))).toEqual([
    "https://cache.example.org",
    "https://cache.nixos.org/",
  ]);
  expect(plain(db?.effective.get("nix.settings.substituters"))).toEqual([]);
  expect(plain(web?.effective.get("nix.settings.trusted-users"))).toEqual(["root", "admin"]);
  expect(plain(web?.effective.get("nix.sshServe.enable"))).toBe(true);
  expect(plain(db?.effective.get("nix.sshServe.enable"))).toBe(false);
});

test("services that make their user trusted are counted", () => {
  const module = "{ nix.sshServe.enable = true; nix.sshServe.trusted = true; }";
  const [web] = fleetOf({ ...DEPLOY_FILES, "hosts/web.nix": module }).hosts;
  expect(plain(web?.effective.get("nix.settings.trusted-users"))).toEqual(["root", "nix-ssh", "admin"]);
});

test("definitions point at where they were typed, with their priority", () => {
  const db = fleetOf(DEPLOY_FILES).hosts.find(host => host.name === "db");
  const facts = db?.settings.filter(setting => setting.name === "substituters") ?? [];
  expect(facts.map(fact => [fact.span.path, fact.priority.level, fact.priority.wrapper?.name])).toEqual([
    ["/w/hosts/db.nix", 50, "mkForce"],
    ["/w/common.nix", 100, undefined],
  ]);
});

test("a host's name points at the literal it came from", () => {
  const [web] = fleetOf(DEPLOY_FILES).hosts;
  const at = web?.definitions[0]?.nameSpan;
  expect(DEPLOY_FLAKE.slice(at?.start, at?.end)).toBe('"web"');
});

test("what hangs on something unknown is kept for each case", () => {
  const module = `{ lib, pkgs, ... }: { nix.settings.substituters = lib.mkIf pkgs.stdenv.hasCache [ "https://a" ]; }`;
  const [web] = fleetOf({ ...DEPLOY_FILES, "hosts/web.nix": module }).hosts;
  expect(plain(web?.effective.get("nix.settings.substituters"))).toEqual([
    [false, "pkgs.stdenv.hasCache", ["https://cache.example.org", "https://a", "https://cache.nixos.org/"]],
    [true, "pkgs.stdenv.hasCache", ["https://cache.example.org", "https://cache.nixos.org/"]],
  ]);
});

test("a module of an unknown input leaves lists open and says why", () => {
  const flake = DEPLOY_FLAKE.replace("./common.nix", "./common.nix other.nixosModules.x").replace(
    "{ self,",
    "{ self, other,",
  );
  const fleet = fleetOf({ ...DEPLOY_FILES, "flake.nix": flake });
  expect(plain(fleet.hosts[0]?.effective.get("nix.settings.substituters"))).toEqual([
    "https://cache.example.org",
    "https://cache.nixos.org/",
    "…",
  ]);
  expect(fleet.entryPoints[0]?.complete).toBe(false);
  expect(fleet.problems).toEqual([]);
});

test("a configuration.nix by itself is a machine; one that a flake reads is not another", () => {
  const alone = fleetOf({
    "configuration.nix": `{ networking.hostName = "box"; imports = [ ./hardware.nix ]; }`,
    "hardware.nix": "{ }",
  });
  expect(alone.hosts.map(line)).toEqual(["box nixos-rebuild - - unknown: the system is not set"]);
  const flake = fleetOf({
    "flake.nix": `{ outputs = { nixpkgs, ... }: { nixosConfigurations.x = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./configuration.nix ]; }; }; }`,
    "configuration.nix": "{ }",
  });
  expect(flake.hosts.map(host => host.name)).toEqual(["x"]);
});

test("a configuration.nix that is a function for somebody else is no machine", () => {
  const namesOf = (text: string) => fleetOf({ "box/configuration.nix": text }).hosts.map(host => host.name);
  expect(namesOf("{ name, nixpkgs }: { networking.hostName = name; }")).toEqual([]);
  expect(namesOf("inputs: { lib, ... }: { networking.hostName = inputs.name; }")).toEqual([]);
  expect(namesOf("{ name, ... }: let a = name; in { lib, ... }: { networking.hostName = a; }")).toEqual([]);
  expect(namesOf("{ name, ... }: { }")).toEqual(["box"]);
  expect(namesOf("{ lib, pkgs }: { }")).toEqual(["box"]);
});

test("what Nix would certainly fail with is a problem where it was typed", () => {
  const flake = DEPLOY_FLAKE.replace("activate.nixos system", "activate.nixos self.nixosConfigurations.wbe");
  const [problem] = fleetOf({ ...DEPLOY_FILES, "flake.nix": flake }).problems;
  expect(problem).toMatchObject({
    kind: "missing-attribute",
    message: "attribute 'wbe' missing",
    subject: { name: "wbe" },
  });
  expect(flake.slice(problem?.span.start, problem?.span.end)).toBe("wbe");
});

test("a missing import is a problem", () => {
  const { "common.nix": _, ...files } = DEPLOY_FILES;
  expect(fleetOf(files).problems.map(each => each.kind)).toEqual(["missing-import"]);
});

test("a module argument that nobody gives is a problem where it is certainly needed", () => {
  const module = `{ pkgs, inputs, ... }: { environment.systemPackages = [ pkgs.git inputs.tool ]; }`;
  const fleet = fleetOf({ ...DEPLOY_FILES, "hosts/web.nix": module });
  const [problem] = fleet.problems;
  expect(problem).toMatchObject({ kind: "missing-module-argument", subject: { name: "inputs" } });
  expect(module.slice(problem?.span.start, problem?.span.end)).toBe("inputs");
  const guarded = `{ lib, pkgs, config, inputs, ... }: { environment.systemPackages = lib.mkIf config.services.x.enable [ inputs.tool ]; }`;
  expect(fleetOf({ ...DEPLOY_FILES, "hosts/web.nix": guarded }).problems).toEqual([]);
});

test("Cachix agents are hosts", () => {
  const spec = `{"agents": {"web": "/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-nixos"}}`;
  expect(fleetOf({ "deploy.json": spec }).hosts.map(line)).toEqual(["web cachix-deploy - - -"]);
});

test("only what read a changed file is read again", () => {
  const host = workspace();
  const second = `{ outputs = { nixpkgs, ... }: { nixosConfigurations.y = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; }; }; }`;
  host.apply(changesOf({ ...DEPLOY_FILES, "other/flake.nix": second }));
  const before = host.analysis().fleet();
  host.apply([{ path: "/w/common.nix", text: "{ }" }]);
  const after = host.analysis().fleet();
  const effective = (fleet: Fleet, name: string) => fleet.hosts.find(each => each.name === name)?.effective;
  expect(effective(after, "y")).toBe(effective(before, "y"));
  expect(plain(effective(after, "web")?.get("nix.settings.substituters"))).toEqual([
    "https://cache.nixos.org/",
  ]);
});

test("half-typed files never crash the fleet", () => {
  for (let length = 0; length < DEPLOY_FLAKE.length; length += 37) {
    fleetOf({ ...DEPLOY_FILES, "flake.nix": DEPLOY_FLAKE.slice(0, length) });
  }
});
