// import-tree: what each of its ways to choose files imports.

import { expect, test } from "vitest";
import { type Files, fleetOf, plain } from "../../../../test/harness/fleetOf";

const cache = (name: string) => `{ nix.settings.substituters = [ "https://${name}.example.org" ]; }`;

const FILES: Files = {
  "flake.nix": `{
  inputs.nixpkgs.url = "nixpkgs";
  inputs.import-tree.url = "github:vic/import-tree";
  outputs = { nixpkgs, import-tree, self, ... }:
    let
      inherit (nixpkgs) lib;
      host = module: lib.nixosSystem { system = "x86_64-linux"; modules = [ module ]; };
    in
    {
      nixosConfigurations = {
        all = host (import-tree ./modules);
        two = host (import-tree [ ./modules/s [ ./single.nix { nix.settings.substituters = [ "https://set.example.org" ]; } ] ]);
        not = host (import-tree.filterNot (lib.hasInfix ".mod.") ./modules);
        matched = host (import-tree.match "^/[^/]+/default\\\\.nix$" ./modules);
        both = host ((import-tree.filter (lib.hasSuffix ".nix")).matchNot ".*/(a|b)\\\\.nix" ./modules);
        mapped = host ((import-tree.map import).map (m: m // { networking.hostName = lib.mkDefault "m"; }) ./single.nix);
        path = host ((import-tree.addPath ./modules/s).addPath ./single.nix).result;
        init = host (import-tree.initFilter (p: lib.hasSuffix ".nix" p && lib.hasPrefix "/s/" p) ./modules);
        piped = host { imports = (import-tree.withLib lib).leafs ./modules/s; };
        files = host { imports = ((import-tree.withLib lib).addPath ./modules/s).files; };
        pipe = host ((import-tree.withLib lib).pipeTo (files: { imports = files; networking.hostName = toString (builtins.length files); }) ./modules);
        api = host ((import-tree.addAPI { s = self: self.addPath ./modules/s; }).s.result);
        inherited = host { inherit (import-tree ./modules/s) imports; };
        imported = host ((import import-tree) ./modules/s);
        nested = host (import-tree [ (import-tree.addPath ./modules/s) ]);
        text = host (import-tree "\${self}/modules/s");
      };
    };
}`,
  "modules/a.nix": cache("a"),
  "modules/b.nix": cache("b"),
  "modules/k.mod.nix": cache("k-mod"),
  "modules/s/c.nix": cache("s-c"),
  "modules/s/default.nix": cache("s-default"),
  "modules/s/notes.txt": "no module",
  "modules/_h/x.nix": cache("hidden"),
  "single.nix": cache("file"),
};

const OWN = "https://cache.nixos.org/";

test("import-tree imports the files that are asked for", () => {
  const fleet = fleetOf(FILES);
  expect(fleet.problems).toEqual([]);
  expect(fleet.entryPoints[0]?.why).toEqual([]);
  const imported = fleet.hosts.map(host => {
    const caches = plain(host.effective.get("nix.settings.substituters"));
    const names = (Array.isArray(caches) ? caches : [caches]).filter(url => url !== OWN).map(String);
    return [host.name, names.map(url => url.slice("https://".length, -".example.org".length)).join(" ")];
  });
  const folder = "s-c s-default";
  expect(Object.fromEntries(imported)).toEqual({
    all: `a b k-mod ${folder}`,
    two: `${folder} file set`,
    not: `a b ${folder}`,
    matched: "s-default",
    both: `k-mod ${folder}`,
    mapped: "file",
    path: `${folder} file`,
    init: folder,
    piped: folder,
    files: folder,
    pipe: `a b k-mod ${folder}`,
    api: folder,
    inherited: folder,
    imported: folder,
    nested: folder,
    text: folder,
  });
});

test("a tree that is read before it has nixpkgs' lib fails, as it does in Nix", () => {
  const flake = `{
    inputs.nixpkgs.url = "nixpkgs";
    inputs.import-tree.url = "github:vic/import-tree";
    outputs = { nixpkgs, import-tree, ... }: {
      nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = import-tree.leafs ./modules; };
    };
  }`;
  const fleet = fleetOf({ "flake.nix": flake, "modules/a.nix": "{ }" });
  expect(JSON.stringify(fleet.problems)).toContain("You need to call withLib");
});
