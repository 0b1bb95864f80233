// flake-utils, in Nix, written for the evaluator.

export const FLAKE_UTILS = `
native: systems:
let
  inherit (builtins) attrNames foldl' listToAttrs mapAttrs;
  into = system: acc: ret:
    foldl' (all: key: all // { \${key} = (all.\${key} or { }) // { \${system} = ret.\${key}; }; }) acc (attrNames ret);
in
rec {
  allSystems = native.unknown "all systems of flake-utils";
  defaultSystems = systems;
  system = listToAttrs (map (name: { inherit name; value = name; }) systems);
  eachSystem = systems: f: foldl' (acc: system: into system acc (f system)) { } systems;
  eachDefaultSystem = eachSystem defaultSystems;
  eachSystemMap = systems: f: listToAttrs (map (name: { inherit name; value = f name; }) systems);
  eachDefaultSystemMap = eachSystemMap defaultSystems;
  eachSystemPassThrough = systems: f: foldl' (acc: system: acc // f system) { } systems;
  eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
  mkApp = args: native.unknown "an app";
  filterPackages = system: packages: native.unknown "packages of one system";
  flattenTree = tree: native.unknown "a flattened tree";
  simpleFlake = args: native.unknown "a simple flake";
  meld = inputs: paths: native.unknown "a melded flake";
}
`;
