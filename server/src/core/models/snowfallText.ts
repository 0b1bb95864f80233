// snowfall-lib as far as machines need it, in Nix, written for the evaluator: it makes a machine of each folder below
// systems/TARGET/, with all modules below modules/nixos. It adds modules of its own, so a machine is never known as a whole.

export const SNOWFALL = `
native: lib:
let
  inherit (builtins) attrNames concatMap filter listToAttrs map pathExists readDir removeAttrs replaceStrings;

  foldersOf = dir:
    let entries = readDir dir; in
    if pathExists dir then filter (name: entries.\${name} == "directory") (attrNames entries) else [ ];

  # Folders with a default.nix at any depth, as paths relative to the first.
  modulesBelow = dir: below:
    (if below != "" && pathExists (dir + "/\${below}/default.nix") then [ below ] else [ ])
    ++ concatMap
      (name: modulesBelow dir (if below == "" then name else "\${below}/\${name}"))
      (foldersOf (if below == "" then dir else dir + "/\${below}"));

  # Arguments of snowfall-lib and of flake-utils-plus; whatever else is given becomes an output.
  own = [
    "alias" "channels" "channels-config" "checks" "homes" "hosts" "modules" "outputs-builder" "outputsBuilder"
    "overlays" "package-namespace" "packages" "packagesPrefix" "shells" "snowfall" "systems" "templates"
    "channelsConfig" "extra-exported-overlays" "hostDefaults" "sharedOverlays" "supportedSystems"
  ];

  mkLib = { inputs, src, snowfall ? { } }:
    let
      root = snowfall.root or src;
      mkFlake = options:
        let
          systems = options.systems or { };
          modulesOf = kind:
            let dir = root + "/modules/\${kind}"; in
            listToAttrs (map (name: { inherit name; value = dir + "/\${name}"; }) (modulesBelow dir ""));
          machine = kind: target: name:
            let
              overrides = systems.hosts.\${name} or { };
              linux = kind == "nixos";
            in
            {
              modules =
                [ (root + "/systems/\${target}/\${name}") ]
                ++ builtins.attrValues (modulesOf kind)
                ++ (overrides.modules or [ ])
                ++ (systems.modules.\${kind} or [ ])
                ++ lib.optional (inputs ? home-manager)
                  (if linux then inputs.home-manager.nixosModules.home-manager else inputs.home-manager.darwinModules.home-manager)
                ++ [ (native.unknown "a module of snowfall-lib") ];
              specialArgs = (overrides.specialArgs or { }) // {
                inherit target lib;
                system = target;
                systems = native.unknown "all machines of snowfall-lib";
                host = name;
                virtual = false;
                format = if linux then "linux" else "darwin";
                inputs = removeAttrs inputs [ "src" ];
                namespace = snowfall.namespace or "internal";
              };
            }
            // lib.optionalAttrs linux { system = overrides.system or target; };
          machinesOf = kind: make: wanted:
            listToAttrs (concatMap
              (target: map
                (name: { inherit name; value = make (machine kind target name); })
                (filter (name: pathExists (root + "/systems/\${target}/\${name}/default.nix")) (foldersOf (root + "/systems/\${target}"))))
              (filter wanted (foldersOf (root + "/systems"))));
          rest = native.unknown "an output of snowfall-lib";
        in
        removeAttrs options own // {
          nixosConfigurations = machinesOf "nixos" inputs.nixpkgs.lib.nixosSystem (lib.hasSuffix "-linux");
          darwinConfigurations = machinesOf "darwin" inputs.darwin.lib.darwinSystem (lib.hasSuffix "-darwin");
          nixosModules = modulesOf "nixos" // (options.modules.nixos or { });
          darwinModules = modulesOf "darwin" // (options.modules.darwin or { });
          homeModules = modulesOf "home" // (options.modules.home or { });
          homeConfigurations = rest;
          packages = rest;
          devShells = rest;
          overlays = rest;
          templates = rest;
          checks = rest;
          formatter = rest;
          lib = rest;
          pkgs = rest;
        };
    in
    lib // { inherit mkFlake; snowfall = native.unknown "a part of snowfall-lib"; };
in
{
  inherit mkLib;
  mkFlake = options@{ inputs, src, snowfall ? { }, ... }:
    (mkLib { inherit inputs src snowfall; }).mkFlake (removeAttrs options [ "inputs" "src" ]);
}
`;
