// easy-hosts' flake module, in Nix, written for the evaluator after flake-module.nix and lib.nix of tgirlcloud/easy-hosts
// at 7e5f8bc: it makes a machine of each of its hosts, which are named or are folders. Older versions call the option
// easyHosts.

export const EASY_HOSTS = `
native: lib:
let
  inherit (builtins) attrNames attrValues concatLists filter foldl' mapAttrs match pathExists readDir;
  inherit (lib) filterAttrs mkDefault mkIf mkOption optional recursiveUpdate types;

  option = type: default: mkOption { inherit type default; };

  # The class of NixOS or nix-darwin behind one of somebody's own.
  classOf = cfg: class: ({ linux = "nixos"; } // cfg.additionalClasses).\${class} or class;
  systemOf = cfg: arch: class: "\${arch}-\${if classOf cfg class == "darwin" then "darwin" else "linux"}";

  more = {
    modules = option (types.listOf types.deferredModule) [ ];
    specialArgs = option (types.lazyAttrsOf types.raw) { };
  };
  per = option (types.functionTo (types.submodule { options = more; })) (_: { });

  hostModule = inputs: cfg: { config, ... }: {
    options = more // {
      nixpkgs = option types.raw (inputs.nixpkgs or (throw "cannot find nixpkgs input"));
      nix-darwin = option types.raw (inputs.darwin or inputs.nix-darwin or null);
      arch = option (types.enum [ "x86_64" "aarch64" "armv6l" "armv7l" "i686" "powerpc64le" "riscv64" ]) "x86_64";
      class = option (types.enum ([ "nixos" "darwin" "iso" ] ++ attrNames cfg.additionalClasses)) "nixos";
      tags = option (types.listOf types.str) [ ];
      system = option types.str (systemOf cfg config.arch config.class);
      path = option (types.nullOr types.path) null;
      deployable = option types.bool false;
    };
  };

  # The hosts of the folders SYSTEM/NAME below the path, or of the folders NAME for one system.
  found = cfg:
    let
      hostAt = system: path:
        let
          parts = match "([^-]*)-([^-]*).*" system;
          arch = builtins.elemAt parts 0;
          class = builtins.elemAt parts 1;
        in
        { inherit arch class path; system = systemOf cfg arch class; };
      below = system: dir: mapAttrs (name: _: hostAt system "\${dir}/\${name}") (readDir dir);
      folders = filterAttrs (_: type: type == "directory") (readDir cfg.path);
    in
    if cfg.onlySystem != null then below cfg.onlySystem "\${cfg.path}"
    else foldl' (all: more: all // more) { } (attrValues (mapAttrs (system: _: below system "\${cfg.path}/\${system}") folders));

  machine = inputs: cfg: name: host:
    let
      class = classOf cfg host.class;
      sources = [ cfg.shared host ]
        ++ map cfg.perTag host.tags
        ++ [ (cfg.perClass host.class) (cfg.perArch host.arch) ];
      build = if class == "darwin" then host.nix-darwin.lib.darwinSystem else host.nixpkgs.lib.nixosSystem;
    in
    build {
      specialArgs = foldl' recursiveUpdate { inherit inputs; inherit (inputs) self; } (map (source: source.specialArgs) sources);
      modules =
        (if host.path != null then [ host.path ]
        else filter pathExists [
          "\${inputs.self}/hosts/\${name}/default.nix"
          "\${inputs.self}/systems/\${name}/default.nix"
        ])
        ++ optional (class == "iso")
          "\${host.nixpkgs}/nixos/modules/installer/cd-dvd/installation-cd-minimal-new-kernel.nix"
        ++ [
          {
            _module.args = {
              self' = native.unknown "outputs of one system";
              inputs' = native.unknown "inputs of one system";
            };
            networking.hostName = mkDefault name;
            nixpkgs.hostPlatform = mkDefault host.system;
          }
        ]
        ++ concatLists (map (source: source.modules) sources);
    };

  module = name: { inputs, config, ... }:
    let
      cfg = config.\${name};
      machines = isDarwin: mapAttrs (machine inputs cfg)
        (filterAttrs (_: host: (classOf cfg host.class == "darwin") == isDarwin) cfg.hosts);
      darwin = machines true;
    in
    {
      options.\${name} = {
        autoConstruct = option types.bool false;
        path = option (types.nullOr types.path) null;
        onlySystem = option (types.nullOr types.str) null;
        shared = more;
        perClass = per;
        perArch = per;
        perTag = per;
        additionalClasses = option (types.attrsOf types.str) { };
        hosts = option (types.attrsOf (types.submodule (hostModule inputs cfg))) { };
      };
      config = {
        \${name}.hosts = mkIf cfg.autoConstruct (found cfg);
        flake.nixosConfigurations = machines false;
        flake.darwinConfigurations = mkIf (darwin != { }) darwin;
      };
    };
in
rec {
  flakeModule = { imports = [ (module "easy-hosts") (module "easyHosts") ]; };
  flakeModules.default = flakeModule;
}
`;
