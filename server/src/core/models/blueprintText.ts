// blueprint as far as machines need it, in Nix, written for the evaluator: it makes outputs of the folders of a
// repository, a machine of each folder below hosts/.

export const BLUEPRINT = `
native: lib:
let
  inherit (builtins) all attrNames concatMap functionArgs hasAttr isFunction isPath listToAttrs pathExists readDir;

  # The Nix files and folders of a folder, by name: a file wins over a folder.
  entriesOf = dir:
    let entries = readDir dir; in
    if !pathExists dir then { }
    else
      listToAttrs (concatMap
        (name:
          if entries.\${name} == "directory" && !(hasAttr "\${name}.nix" entries) then
            [ { inherit name; value = dir + "/\${name}"; } ]
          else if entries.\${name} == "directory" || lib.removeSuffix ".nix" name == name then [ ]
          else [ { name = lib.removeSuffix ".nix" name; value = dir + "/\${name}"; } ])
        (attrNames entries));

  blueprint = { inputs, prefix ? null, nixpkgs ? { }, systems ? null }:
    let
      flake = inputs.self;
      src =
        if prefix == null then inputs.self
        else if isPath prefix then prefix
        else "\${inputs.self}/\${prefix}";
      specialArgs = { inherit inputs flake; self = throw "self was renamed to flake"; };

      perSystem = { _module.args.perSystem = native.unknown "packages of one system"; };
      home = kind: host: lib.optional (pathExists (src + "/hosts/\${host}/users")) {
        imports = [ inputs.home-manager.\${kind}.default ];
        home-manager.useGlobalPkgs = lib.mkDefault true;
        home-manager.useUserPackages = lib.mkDefault true;
      };

      # What a host is, and the machine itself.
      hostOf = hostName: path:
        let
          made = make: modules: make {
            inherit modules;
            specialArgs = specialArgs // { inherit hostName; };
          };
        in
        if pathExists (path + "/default.nix") then
          import (path + "/default.nix") { inherit flake inputs hostName; }
        else if pathExists (path + "/configuration.nix") then {
          class = "nixos";
          value = made inputs.nixpkgs.lib.nixosSystem
            ([ perSystem (path + "/configuration.nix") ] ++ home "nixosModules" hostName);
        }
        else if pathExists (path + "/darwin-configuration.nix") then {
          class = "nix-darwin";
          value = made inputs.nix-darwin.lib.darwinSystem
            ([ perSystem (path + "/darwin-configuration.nix") ] ++ home "darwinModules" hostName);
        }
        else { class = "none"; value = null; };
      hosts = builtins.mapAttrs hostOf (entriesOf (src + "/hosts"));
      ofClass = class: listToAttrs (concatMap
        (name: lib.optional (hosts.\${name}.class == class) { inherit name; inherit (hosts.\${name}) value; })
        (attrNames hosts));

      # A module may be wrapped in a function of the flake in which it stands.
      publisher = { inherit flake inputs; };
      moduleAt = path:
        let module = import path; in
        if isFunction module && all (name: hasAttr name publisher) (attrNames (functionArgs module))
        then { _file = path; imports = [ (module publisher) ]; }
        else path;
      modulesOf = kind: builtins.mapAttrs (_: moduleAt) (entriesOf (src + "/modules/\${kind}"));
      modules =
        let kinds = lib.filterAttrs (_: type: type == "directory") (readDir (src + "/modules")); in
        if pathExists (src + "/modules") then builtins.mapAttrs (kind: _: modulesOf kind) kinds else { };
      rest = native.unknown "an output of blueprint";
    in
    {
      nixosConfigurations = ofClass "nixos";
      darwinConfigurations = ofClass "nix-darwin";
      inherit modules;
      nixosModules = modules.nixos or { };
      darwinModules = modules.darwin or { };
      homeModules = modules.home or { };
      lib = if pathExists (src + "/lib") then import (src + "/lib") specialArgs else { };
      systemConfigs = rest;
      formatter = rest;
      devShells = rest;
      packages = rest;
      legacyPackages = rest;
      templates = rest;
      checks = rest;
    };
in
_: blueprint
`;
