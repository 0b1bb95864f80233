import { beforeAll, expect, test } from "vitest";
import { evaluatorPorts } from "../../io/evaluatorPorts";
import { loadParser } from "../../io/grammar";
import { AnalysisHost, type Change, type NixParser } from "../analysis";
import type { Datum } from "../eval/datum";
import { createFleetBuilder } from "./buildFleet";
import type { Field, Fleet, Host } from "./fleet";

let parser: NixParser;
beforeAll(async () => {
  parser = await loadParser();
});

type Files = Readonly<Record<string, string>>;

function workspace(): AnalysisHost {
  const { hash, parseToml } = evaluatorPorts((path, text) => parser.parse(path, text));
  return new AnalysisHost({ parser, buildFleet: createFleetBuilder({ parser, hash, parseToml }), rules: [] });
}

function changesOf(files: Files): Change[] {
  return [
    ...Object.entries(files).map(([path, text]) => ({ path: `/w/${path}`, text })),
    { path: "/w", whole: true },
  ];
}

function fleetOf(files: Files): Fleet {
  const host = workspace();
  host.apply(changesOf(files));
  const analysis = host.analysis();
  const fleet = analysis.fleet();
  expect(analysis.crashes).toEqual([]);
  return fleet;
}

function text(field: Field<string> | undefined): string | undefined {
  return field?.known === true ? field.value : field === undefined ? undefined : `unknown: ${field.reason}`;
}

/** A host in one line. */
function line(host: Host): string {
  const profiles = host.profiles.map(
    each =>
      `${each.name}=${each.activation?.kind}:${each.activation?.argument.configuration ?? each.activation?.argument.kind}`,
  );
  return [
    host.name,
    host.tools.join("+"),
    text(host.hostname),
    text(host.sshUser),
    text(host.system),
    ...profiles,
  ]
    .map(part => part ?? "-")
    .join(" ");
}

/** Plain data of a datum. */
function plain(datum: Datum | undefined): unknown {
  switch (datum?.kind) {
    case "text":
      return datum.text;
    case "scalar":
      return datum.value;
    case "list":
      return [...datum.items.map(plain), ...(datum.complete ? [] : ["…"])];
    case "alternatives":
      return datum.branches.map(branch => [
        branch.condition.negated,
        branch.condition.text,
        plain(branch.value),
      ]);
    default:
      return datum?.kind;
  }
}

const DEPLOY_FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
  inputs.deploy.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "web" "db" ] (name: nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./common.nix (./hosts + "/\${name}.nix") ];
    });
    deploy.nodes = nixpkgs.lib.mapAttrs (name: system: {
      hostname = "\${name}.example.org";
      profiles.system = { sshUser = "admin"; user = "root"; path = deploy.lib.x86_64-linux.activate.nixos system; };
    }) self.nixosConfigurations;
  };
}`;

const DEPLOY_FILES: Files = {
  "flake.nix": DEPLOY_FLAKE,
  "common.nix": `{ nix.settings.substituters = [ "https://cache.example.org" ]; nix.settings.trusted-users = [ "admin" ]; }`,
  "hosts/web.nix": "{ nix.sshServe.enable = true; }",
  "hosts/db.nix": "{ lib, ... }: { nix.settings.substituters = lib.mkForce [ ]; }",
};

test("computed deploy nodes are found with address, user, system and configuration", () => {
  const fleet = fleetOf(DEPLOY_FILES);
  expect(fleet.hosts.map(line)).toEqual([
    "web deploy-rs+nixos-rebuild web.example.org admin x86_64-linux system=nixos:web",
    "db deploy-rs+nixos-rebuild db.example.org admin x86_64-linux system=nixos:db",
  ]);
  expect(fleet.entryPoints).toEqual([{ path: "/w/flake.nix", kind: "flake", complete: true, why: [] }]);
});

test("hosts that their tool builds on themselves are known", () => {
  const flake = DEPLOY_FLAKE.replace("deploy.nodes =", "deploy.remoteBuild = true; deploy.nodes =").replace(
    "profiles.system = {",
    'profiles.system = { remoteBuild = if name == "web" then null else false;',
  );
  const built = (files: Files) => fleetOf(files).hosts.map(({ name, buildsOnHost }) => [name, buildsOnHost]);
  expect(built({ ...DEPLOY_FILES, "flake.nix": flake })).toEqual([
    ["web", ["deploy-rs"]],
    ["db", []],
  ]);
  const hive = "{ meta.nixpkgs = <nixpkgs>; web = { deployment.buildOnTarget = true; }; db = { }; }";
  expect(built({ "hive.nix": hive })).toEqual([
    ["web", ["colmena"]],
    ["db", []],
  ]);
});

test("of switches of deploy-rs, the innermost level that sets them counts; what is not known counts as the default", () => {
  const read = (name: "interactiveSudo" | "magicRollback", outer: string, inner: string) => {
    const flake = DEPLOY_FLAKE.replace("deploy.nodes =", `deploy.${name} = ${outer}; deploy.nodes =`).replace(
      "profiles.system = {",
      `profiles.system = { ${name} = ${inner};`,
    );
    const [host] = fleetOf({ ...DEPLOY_FILES, "flake.nix": flake }).hosts;
    return host?.profiles[0]?.[name];
  };
  const asks = (outer: string, inner: string) => read("interactiveSudo", outer, inner) ?? false;
  expect([asks("true", "null"), asks("true", "false"), asks("false", "true")]).toEqual([true, false, true]);
  expect(asks("false", "nixpkgs.config.ask")).toBe(false);
  const guards = (outer: string, inner: string) => read("magicRollback", outer, inner) ?? true;
  expect([guards("false", "null"), guards("false", "true"), guards("true", "false")]).toEqual([
    false,
    true,
    false,
  ]);
  expect(guards("false", "nixpkgs.config.ask")).toBe(true);
});

test("arguments for ssh add up from the profile outwards; one that is not known makes all of them unknown", () => {
  const flake = DEPLOY_FLAKE.replace("deploy.nodes =", 'deploy.sshOpts = [ "-4" ]; deploy.nodes =').replace(
    "profiles.system = {",
    'sshOpts = [ "-p" "2222" ]; profiles.system = { sshOpts = EXTRA;',
  );
  const optsOf = (extra: string) => {
    const files = { ...DEPLOY_FILES, "flake.nix": flake.replace("EXTRA", extra) };
    return fleetOf(files).hosts.map(({ sshOpts }) =>
      sshOpts?.known === true ? sshOpts.value : sshOpts?.known,
    );
  };
  const merged = ["-i", "key", "-p", "2222", "-4"];
  expect(optsOf('[ "-i" "key" ]')).toEqual([merged, merged]);
  expect(optsOf("[ deploy.anything ]")).toEqual([false, false]);
  expect(fleetOf(DEPLOY_FILES).hosts.map(host => host.sshOpts)).toEqual([undefined, undefined]);
});

test("the port of a hive's node is an argument for ssh", () => {
  const hive = (port: string) => `{ meta.nixpkgs = <nixpkgs>; web = { deployment.targetPort = ${port}; }; }`;
  const optsOf = (port: string) => fleetOf({ "hive.nix": hive(port) }).hosts[0]?.sshOpts;
  expect(optsOf("2222")).toMatchObject({ known: true, value: ["-p", "2222"] });
  expect(optsOf("null")).toBeUndefined();
});

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
    "configurations/nixos/notes/README.md": "no machine",
    "configurations/nixos/hosts.txt": "no machine",
  });
  expect(fleet.problems).toEqual([]);
  expect(fleet.hosts.map(line)).toEqual([
    "db nixos-rebuild - - aarch64-linux",
    "web nixos-rebuild - - x86_64-linux",
  ]);
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

test("tools that reach one address by one port know the same machine, by two ports two", () => {
  const hosts = (port: string) =>
    fleetOf({
      "flake.nix": `{
  inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; deploy-rs.url = "github:serokell/deploy-rs"; };
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.sshOpts = [ "-p" "2201" ];
    deploy.nodes.a = {
      hostname = "Lab.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.a;
    };
  };
}`,
      "hive.nix": `{ b = { deployment = { targetHost = "lab.example.org"; targetPort = ${port}; }; }; }`,
    }).hosts.map(host => `${host.name} ${host.tools.join("+")}`);
  expect(hosts("2201")).toEqual(["a deploy-rs+colmena+nixos-rebuild"]);
  expect(hosts("2202")).toEqual(["a deploy-rs+nixos-rebuild", "b colmena"]);
});

test("two nodes that run one configuration are two machines", () => {
  const { hosts } = fleetOf({
    "flake.nix": `{
  inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; deploy-rs.url = "github:serokell/deploy-rs"; };
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.worker = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes = nixpkgs.lib.genAttrs [ "worker-1" "worker-2" ] (name: {
      hostname = "\${name}.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.worker;
    });
  };
}`,
  });
  expect(hosts.map(line)).toEqual([
    "worker-1 deploy-rs+nixos-rebuild worker-1.example.org - x86_64-linux system=nixos:worker",
    "worker-2 deploy-rs worker-2.example.org - x86_64-linux system=nixos:worker",
  ]);
  expect(hosts.map(host => host.effective.size > 0)).toEqual([true, true]);
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
