// nixos-unified as far as machines need it, in Nix, written for the evaluator: its flake modules, which make a machine of
// each file below configurations/, and mkFlake, which looks for more flake modules.

export const NIXOS_UNIFIED = `
native: lib:
let
  inherit (builtins) attrNames concatMap head listToAttrs map pathExists readDir tail;

  forAllNixFiles = dir: f:
    let entries = readDir dir; in
    if !pathExists dir then { }
    else listToAttrs (concatMap
      (name:
        let
          stem = lib.removeSuffix ".nix" name;
          path = "\${dir}/\${name}";
        in
        if entries.\${name} == "regular" then
          (if stem == name then [ ] else [ { name = stem; value = f path; } ])
        else if entries.\${name} == "directory" && pathExists "\${path}/default.nix" then
          [ { inherit name; value = f path; } ]
        else [ ])
      (attrNames entries));

  # The options that it adds to machines.
  machine = { lib, ... }: {
    options.nixos-unified = {
      sshTarget = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
      overrideInputs = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
      localPrivilegeMode = lib.mkOption { type = lib.types.str; default = "nixos-rebuild-sudo"; };
      outputs = lib.mkOption { type = lib.types.raw; default = native.unknown "what nixos-unified activates with"; };
    };
  };

  # It chooses these for all machines, each version of it others.
  common = { lib, ... }: {
    nix.settings = {
      max-jobs = lib.mkDefault (native.unknown "a setting of nixos-unified");
      experimental-features = lib.mkDefault (native.unknown "a setting of nixos-unified");
    };
  };

  flakeModule = { self, inputs, config, ... }:
    let
      specialArgs = { flake = { inherit self inputs config; }; };
      homeManager = kind: {
        imports = [ inputs.home-manager.\${kind}.home-manager ];
        home-manager.useGlobalPkgs = true;
        home-manager.useUserPackages = true;
        home-manager.extraSpecialArgs = specialArgs;
      };
      modules = kind: home: mod: [ machine common mod ] ++ lib.optional home (homeManager kind);
      made = {
        specialArgsFor = { common = specialArgs; nixos = specialArgs; darwin = native.unknown "arguments of nix-darwin"; };
        mkLinuxSystem = { home-manager ? false }: mod: inputs.nixpkgs.lib.nixosSystem {
          inherit specialArgs;
          modules = modules "nixosModules" home-manager mod;
        };
        mkMacosSystem = { home-manager ? false }: mod: inputs.nix-darwin.lib.darwinSystem {
          specialArgs = specialArgs // { rosettaPkgs = native.unknown "packages of another system"; };
          modules = modules "darwinModules" home-manager mod;
        };
        mkHomeConfiguration = pkgs: mod: inputs.home-manager.lib.homeManagerConfiguration {
          inherit pkgs;
          extraSpecialArgs = specialArgs;
          modules = [ mod ];
        };
      };
    in
    { flake.nixos-unified.lib = made; };

  # A module of a path that is only known as that of the flake's copy.
  module = file: { imports = [ file ]; };

  autoWire = { self, ... }: {
    flake = {
      darwinConfigurations = forAllNixFiles "\${self}/configurations/darwin"
        (self.nixos-unified.lib.mkMacosSystem { home-manager = true; });
      nixosConfigurations = forAllNixFiles "\${self}/configurations/nixos"
        (self.nixos-unified.lib.mkLinuxSystem { home-manager = true; });
      darwinModules = forAllNixFiles "\${self}/modules/darwin" module;
      nixosModules = forAllNixFiles "\${self}/modules/nixos" module;
      homeModules = forAllNixFiles "\${self}/modules/home" module;
      overlays = forAllNixFiles "\${self}/overlays"
        (file: import file self.nixos-unified.lib.specialArgsFor.common);
    };
  };

  mkFlake = { debug ? false, inputs, root, systems ? [ ], specialArgs ? { } }:
    let
      below = candidates:
        let dir = root + "/\${head candidates}"; in
        if candidates == [ ] then throw "None of the folders for flake modules exists"
        else if pathExists dir then map (name: dir + "/\${name}") (attrNames (readDir dir))
        else below (tail candidates);
    in
    inputs.flake-parts.lib.mkFlake { inherit inputs specialArgs; } {
      inherit debug systems;
      _module.args = { inherit root; };
      imports = below [ "nix/modules/flake" "modules/flake" "nix/modules/flake-parts" "modules/flake-parts" ];
    };
in
{
  inherit flakeModule;
  flakeModules = { default = flakeModule; inherit autoWire; };
  lib = { inherit mkFlake; };
}
`;
