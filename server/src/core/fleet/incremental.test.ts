// What is remembered between revisions never shows: after any edits the fleet and its findings are those that a host which
// has never seen another revision gives. And it is remembered: a change of one system's file reads that system alone.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { evaluatorPorts } from "../../io/evaluatorPorts";
import { loadParser } from "../../io/grammar";
import { AnalysisHost, type Change, type NixParser } from "../analysis";
import { RULES } from "../rules/index";
import type { Rule } from "../rules/rule";
import type { SourceFile } from "../syntax/expr";
import { createFleetBuilder } from "./buildFleet";

let parser: NixParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Parsed once: lib's own texts are the same for every host. */
const lib = new Map<string, SourceFile>();

function workspace(hashed: string[] = [], rules: readonly Rule[] = RULES): AnalysisHost {
  const parse = (path: string, text: string) => {
    if (!path.startsWith("/\uFFFC")) return parser.parse(path, text);
    const known = lib.get(path) ?? parser.parse(path, text);
    lib.set(path, known);
    return known;
  };
  const { hash, parseToml } = evaluatorPorts(parse);
  const counted = (algorithm: Parameters<typeof hash>[0], text: string) => {
    hashed.push(text);
    return hash(algorithm, text);
  };
  const buildFleet = createFleetBuilder({ parser: { parse }, hash: counted, parseToml });
  return new AnalysisHost({ parser: { parse }, buildFleet, rules });
}

const module = (body: string) => `{ config, lib, pkgs, nodes ? { }, self ? null, ... }: { ${body} }`;

const FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  inputs.shared.url = "path:./shared";
  outputs = { self, nixpkgs, deploy-rs, shared, ... }:
    let
      hosts = HOSTS;
      mkHost = name: cfg: nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        specialArgs = { inherit self; nodes = self.nixosConfigurations; };
        modules = [ ./common.nix (./hosts + "/\${name}.nix") { networking.hostName = nixpkgs.lib.mkDefault name; } MORE ];
      };
    in
    {
      nixosConfigurations = nixpkgs.lib.mapAttrs mkHost hosts;
      deploy.nodes = nixpkgs.lib.mapAttrs (name: cfg: {
        hostname = cfg.address or "\${name}.example.org";
        profiles.system = { user = "root"; path = deploy-rs.lib.x86_64-linux.activate.nixos CONFIGURATION; };
      }) hosts;
    };
}`;

const flake = (hosts: string, more: string, configuration: string) =>
  FLAKE.replace("HOSTS", hosts).replace("MORE", more).replace("CONFIGURATION", configuration);
const LISTED =
  'builtins.listToAttrs (map (file: { name = nixpkgs.lib.removeSuffix ".nix" file; value = { }; }) (builtins.attrNames (builtins.readDir ./hosts)))';
const OWN = "self.nixosConfigurations.${name}";

const KEY = "cache.example.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

const ANY_HOST = [
  module(""),
  module('nix.settings.substituters = [ "https://cache.example.org" "htps://slip.example.org" ];'),
  module('imports = [ ../extra.nix ]; system.stateVersion = "25.05";'),
  module('imports = [ ../gone.nix ]; nix.settings.trusted-users = [ "@wheel" ];'),
  module("nix.settings.substituters = lib.mkForce [ nodes.b.config.networking.hostName ];"),
  module("nix.settings.trusted-users = nodes.c.config.nix.settings.trusted-users;"),
  module("networking.hostName = lib.mkIf (config.networking.domain != null) config.networking.hostName;"),
  module('networking.hostName = throw "no name";'),
  module("nix.settings.substituters = [ pkgs.hello.name (builtins.readFile ../motd) ];"),
  module("nix.sshServe.enable = builtins.pathExists ../motd; nix.sshServe.keys = lib.attrNames nodes;"),
  module(
    'nix.settings.trusted-public-keys = lib.mkIf (nodes.a.config.networking.hostName == "a") [ config.nope ];',
  ),
  module("nix.settings = self.outputs.nixosConfigurations.b.config.nix.settings;"),
  module("environment.systemPackages = [ (import ../extra.nix) ];"),
  "{ nix.settings.substituters = [ ",
  "{ missing, ... }: { }",
];

/** The texts that each file may have; undefined: it is not there. */
const VARIANTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "flake.nix": [
    flake("import ./hosts.nix", "", OWN),
    flake(LISTED, "", OWN),
    flake("import ./hosts.nix", "shared.nixosModules.default", "(mkHost name cfg)"),
    flake("{ a = { }; c = { }; }", "./extra.nix", "self.nixosConfigurations.a"),
    `{ outputs = { self, nixpkgs }: { colmena = import ./hive.nix; nixosConfigurations.b = nixpkgs.lib.nixosSystem { modules = [ ./hosts/b.nix ]; }; }; }`,
    "{ outputs = {",
    undefined,
  ],
  "hosts.nix": [
    '{ a = { address = "10.0.0.1"; }; b = { }; c = { address = "10.0.0.3"; }; }',
    '{ a = { address = "10.0.0.2"; }; b = { address = "10.0.0.2"; }; }',
    "{ a = { }; b = ",
    undefined,
  ],
  "common.nix": [
    module(`nix.settings.substituters = [ "https://cache.example.org" ];
      nix.settings.trusted-public-keys = [ "${KEY}" ];`),
    module("options.nope = lib.mkOption { default = config.networking.hostName; };"),
    module('imports = [ ./extra.nix ]; nix.settings.substituters = [ "https://cache.example.org" ];'),
    "{ ",
  ],
  "extra.nix": [
    undefined,
    module("services.openssh.enable = true;"),
    module("nix.settings.require-sigs = false;"),
    "3",
  ],
  "hosts/a.nix": ANY_HOST,
  "hosts/b.nix": ANY_HOST,
  "hosts/c.nix": ANY_HOST,
  "hosts/d.nix": [undefined, ...ANY_HOST],
  motd: [undefined, "welcome", "hello"],
  "hive.nix": [
    undefined,
    '{ meta.nixpkgs = import <nixpkgs> { }; a = ./hosts/a.nix; b = { nodes, ... }: { deployment.tags = [ "x" ]; deployment.targetHost = nodes.a.config.networking.hostName; }; }',
    "{ defaults = ./common.nix; c = { imports = [ ./hosts/c.nix ]; deployment.targetHost = null; }; }",
  ],
  "shared/flake.nix": [
    undefined,
    "{ outputs = _: { nixosModules.default = ./module.nix; }; }",
    '{ outputs = _: { nixosModules.default = { nix.settings.trusted-users = [ "shared" ]; }; }; }',
  ],
  "shared/module.nix": [
    module('nix.settings.extra-substituters = [ "https://shared.example.org" ];'),
    undefined,
  ],
  "configuration.nix": [undefined, ...ANY_HOST.slice(0, 3)],
};

/** What Git may track. */
const TRACKED: readonly (readonly string[] | undefined)[] = [
  undefined,
  Object.keys(VARIANTS),
  Object.keys(VARIANTS).filter(name => name !== "hosts/b.nix" && name !== "extra.nix"),
];

const GIT = "Git";
const FILES = [...Object.keys(VARIANTS), GIT];

type Edit = readonly [file: number, variant: number];

function change([file, variant]: Edit): Change {
  const name = FILES[file % FILES.length] ?? "";
  if (name === GIT) {
    const tracked = TRACKED[variant % TRACKED.length];
    return { path: "/w", tracked: tracked && new Set(tracked.map(each => `/w/${each}`)) };
  }
  const variants = VARIANTS[name] ?? [];
  const text = variants[variant % variants.length];
  return text === undefined ? { path: `/w/${name}`, gone: true } : { path: `/w/${name}`, text };
}

/** Everything that is said, as text. */
function said(host: AnalysisHost): string {
  const analysis = host.analysis();
  const all = { findings: analysis.allFindings(), fleet: analysis.fleet() };
  expect(analysis.crashes).toEqual([]);
  return JSON.stringify(
    all,
    (_name, value: unknown) =>
      value instanceof Map ? [...value] : typeof value === "bigint" ? String(value) : value,
    1,
  );
}

/** Histories that are tried, for a second each at most. */
const RUNS = Number(process.env["INCREMENTAL_RUNS"] ?? 10);

const edit = fc.tuple(fc.nat(FILES.length - 1), fc.nat(14));

test("after any edits the fleet is the one that is read from scratch", () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 2, maxLength: 10 }), edits => {
      const texts = new Map<string, Change>();
      const start: Change[] = FILES.map((_, file) => change([file, 0]));
      const host = workspace();
      host.apply([...start, { path: "/w", whole: true }]);
      host.analysis().fleet();
      for (const each of start) texts.set(each.path, each);
      for (const each of edits.map(change)) {
        texts.set(each.path, each);
        host.apply([each]);
        const fresh = workspace();
        fresh.apply([...texts.values(), { path: "/w", whole: true }]);
        expect(said(host)).toBe(said(fresh));
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: RUNS * 1000 },
  );
}, 600_000);

test("a change of one system's file reads that system alone", () => {
  const hashed: string[] = [];
  const host = workspace(hashed);
  const named = (name: string, more = "") =>
    module(`nix.settings.substituters = [ (builtins.hashString "md5" "${name}") ]; ${more}`);
  host.apply([
    ...FILES.map((_, file) => change([file, 0])),
    ...["a", "b", "c"].map(name => ({ path: `/w/hosts/${name}.nix`, text: named(name) })),
    { path: "/w", whole: true },
  ]);
  const systems = () =>
    host
      .analysis()
      .fleet()
      .hosts.map(each => [...each.effective].length > 0);
  expect(systems()).toEqual([true, true, true]);
  expect(hashed.splice(0).sort()).toEqual(["a", "b", "c"]);
  host.apply([{ path: "/w/hosts/b.nix", text: named("b", "nix.sshServe.enable = true;") }]);
  expect(systems()).toEqual([true, true, true]);
  expect(hashed.splice(0)).toEqual(["b"]);
  host.apply([
    { path: "/w/hosts/b.nix", text: named("b", "nix.settings.cores = nodes.c.config.nix.settings.cores;") },
  ]);
  systems();
  hashed.splice(0);
  host.apply([{ path: "/w/hosts/c.nix", text: named("c", "nix.settings.cores = 2;") }]);
  systems();
  expect(hashed.splice(0).sort()).toEqual(["b", "c"]);
});

test("a host is judged again only when it has changed", () => {
  const judged: string[] = [];
  const meta = { code: "test", category: "keys", severity: "error", since: "0", fix: "none" } as const;
  const rule: Rule = {
    meta: { ...meta, docs: { summary: "Test", why: "", bad: [], good: [] } },
    checkFile: ({ facts }) => {
      const name = facts.options.find(
        fact => fact.option.join(".") === "nix.settings.post-build-hook",
      )?.value;
      if (facts.path === "/w/flake.nix" && name?.kind === "text") judged.push(name.text);
    },
  };
  const host = workspace([], [rule]);
  const named = (name: string, more = "") => module(`nix.settings.post-build-hook = "${name}"; ${more}`);
  host.apply([
    ...FILES.map((_, file) => change([file, 0])),
    ...["a", "b", "c"].map(name => ({ path: `/w/hosts/${name}.nix`, text: named(name) })),
    { path: "/w", whole: true },
  ]);
  host.analysis().allFindings();
  expect(judged.splice(0)).toEqual(["a", "b", "c"]);
  host.apply([{ path: "/w/hosts/b.nix", text: named("b", "nix.sshServe.enable = true;") }]);
  host.analysis().allFindings();
  expect(judged).toEqual(["b"]);
});
