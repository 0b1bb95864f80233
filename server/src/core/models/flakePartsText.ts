// flake-parts as far as hosts need it, in Nix, written for the evaluator: one module evaluation whose options are open
// (flake modules of other inputs declare more), `flake`, `systems` and `perSystem`.

export const FLAKE_PARTS = `
native: lib:
let
  inherit (lib) mkOption types;
  perSystemType = module: types.deferredModuleWith { staticModules = [ module ]; };
  output = mkOption { type = types.raw; default = native.unknown "an output for each system"; };
  flakeType = types.submoduleWith {
    modules = [
      {
        freeformType = types.lazyAttrsOf native.output;
        options = {
          nixosConfigurations = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
          nixosModules = mkOption {
            type = types.lazyAttrsOf types.deferredModule;
            default = { };
            apply = builtins.mapAttrs (_: module: { imports = [ module ]; });
          };
          # declared by flakeModules.modules; without it anything may stand here, functions that are modules themselves too
          modules = mkOption {
            type = types.lazyAttrsOf (types.either (types.lazyAttrsOf types.deferredModule) types.raw);
            default = { };
            apply = builtins.mapAttrs (_: class:
              if builtins.isAttrs class then builtins.mapAttrs (_: module: { imports = [ module ]; }) class else class
            );
          };
          overlays = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
          packages = output;
          legacyPackages = output;
          apps = output;
          checks = mkOption { type = types.raw; };
          devShells = output;
          formatter = output;
        };
      }
    ];
  };
  perSystemCore = self: { config, options, system, specialArgs, ... }: {
    options.allModuleArgs = mkOption { type = types.lazyAttrsOf types.raw; };
    options.checks = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
    config = {
      _module.args = {
        pkgs = lib.mkOptionDefault self.inputs.nixpkgs.legacyPackages.\${system};
        inputs' = native.unknown "inputs of one system";
        self' = native.unknown "outputs of one system";
      };
      allModuleArgs = config._module.args // specialArgs // { inherit config options; };
    };
  };
  core = { config, self, getSystem, ... }: {
    options = {
      systems = mkOption { type = types.listOf types.str; };
      debug = mkOption { type = types.bool; default = false; };
      flake = mkOption { type = flakeType; default = { }; };
      perSystem = mkOption {
        type = perSystemType (perSystemCore self);
        apply = modules: system: (native.evalModules {
          modules = [ modules ];
          prefix = [ "perSystem" system ];
          specialArgs = { inherit system; };
        }).config;
      };
    };
    config = {
      # What perSystem has, unless the flake has checks of its own: both are not put together here.
      flake.checks = lib.mkOptionDefault (
        lib.genAttrs config.systems (system: (config.perSystem system).checks)
      );
      _module.args = {
        getSystem = system: config.perSystem system;
        getSystemIgnoreWarning = system: config.perSystem system;
        withSystem = system: f: f (getSystem system).allModuleArgs;
        moduleWithSystem = native.unknown "moduleWithSystem";
      };
    };
  };
  flake-parts-lib = rec {
    mkPerSystemType = perSystemType;
    mkPerSystemOption = module: mkOption { type = perSystemType module; };
    mkDeferredModuleType = mkPerSystemType;
    mkDeferredModuleOption = mkPerSystemOption;
    mkSubmoduleOptions = options: mkOption {
      type = types.submoduleWith { modules = [ { inherit options; } ]; };
    };
    mkTransposedPerSystemModule = args: { };
    importApply = path: args: import path args;
    evalFlakeModule = args: module:
      let self = args.self or args.inputs.self; in
      native.evalModules {
        specialArgs = {
          inherit self flake-parts-lib;
          inputs = args.inputs or self.inputs;
          moduleLocation = native.unknown "the place of a flake";
        } // (args.specialArgs or { });
        modules = [ core module ];
      };
    mkFlake = args: module: (evalFlakeModule args module).config.flake;
  };
in
flake-parts-lib
`;
