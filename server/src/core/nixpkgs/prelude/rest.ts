// Smaller parts of nixpkgs' lib, in Nix, written for the evaluator: generators, meta, customisation, filesystem,
// sources, cli. What builds or looks at packages is Unknown.

export const REST = String.raw`
native: lib: rec {
  generators = rec {
    mkValueStringDefault = { }: v:
      if builtins.isInt v then toString v
      else if lib.isDerivation v then toString v
      else if builtins.isString v then v
      else if v == true then "true"
      else if v == false then "false"
      else if v == null then "null"
      else if builtins.isFloat v then toString v
      else throw "generators.mkValueStringDefault: this value is not supported";
    mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: sep: k: v:
      "${"$"}{lib.escape [ sep ] k}${"$"}{sep}${"$"}{mkValueString v}";
    toKeyValue = { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, indent ? "" }: attrs:
      let
        line = k: v: indent + mkKeyValue k v + "\n";
        lines = k: v: if listsAsDuplicateKeys && builtins.isList v then map (line k) v else [ (line k v) ];
      in lib.concatStrings (lib.concatLists (lib.mapAttrsToList lines attrs));
    toINI = { mkSectionName ? (name: lib.escape [ "[" "]" ] name), mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: sections:
      lib.concatStringsSep "\n" (lib.mapAttrsToList (name: values:
        "[${"$"}{mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values) sections);
    toINIWithGlobalSection = { mkSectionName ? (name: lib.escape [ "[" "]" ] name), mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false }: { globalSection, sections ? { } }:
      (if globalSection == { } then "" else toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n")
      + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;
    toJSON = { }: builtins.toJSON;
    toYAML = toJSON;
  };
  meta = rec {
    addMetaAttrs = new: drv: drv // { meta = (drv.meta or { }) // new; };
    setName = name: drv: drv // { inherit name; };
    setPrio = priority: addMetaAttrs { inherit priority; };
    lowPrio = setPrio 10;
    hiPrio = setPrio (-10);
    getExe = x: getExe' x (x.meta.mainProgram or (lib.getName x));
    getExe' = x: y: "${"$"}{lib.getBin x}/bin/${"$"}{y}";
  };
  customisation = rec {
    makeScope = newScope: f:
      let
        self = f self // {
          newScope = scope: newScope (self // scope);
          callPackage = self.newScope { };
          overrideScope = g: makeScope newScope (lib.extends g f);
          packages = f;
        };
      in self;
    callPackageWith = auto: fn: args:
      let
        f = if lib.isFunction fn then fn else import fn;
        wanted = lib.functionArgs f;
      in f (builtins.intersectAttrs wanted auto // args);
  };
  derivations = {
    optionalDrvAttr = cond: value: if cond then value else null;
  };
  filesystem = rec {
    inherit (builtins) baseNameOf dirOf isPath readDir;
    pathType = path:
      if !builtins.pathExists path then throw "lib.filesystem.pathType: Path ${"$"}{toString path} does not exist."
      else if toString path == "/" then "directory"
      else (builtins.readDir (dirOf path)).${"$"}{baseNameOf path};
    pathIsDirectory = path: builtins.pathExists path && pathType path == "directory";
    pathIsRegularFile = path: builtins.pathExists path && pathType path == "regular";
    listFilesRecursive = dir:
      lib.flatten (lib.mapAttrsToList
        (name: type: if type == "directory" then listFilesRecursive (dir + "/${"$"}{name}") else dir + "/${"$"}{name}")
        (builtins.readDir dir));
    packagesFromDirectoryRecursive = { callPackage, directory, ... }@args:
      let
        default = directory + "/package.nix";
      in
      if builtins.pathExists default then callPackage default { }
      else lib.concatMapAttrs
        (name: type:
          if type == "directory"
          then { ${"$"}{name} = packagesFromDirectoryRecursive (args // { directory = directory + "/${"$"}{name}"; }); }
          else if type == "regular" && lib.hasSuffix ".nix" name
          then { ${"$"}{lib.removeSuffix ".nix" name} = callPackage (directory + "/${"$"}{name}") { }; }
          else { })
        (builtins.readDir directory);
  };
  sources = rec {
    cleanSourceFilter = name: type: native.unknown "a source filter";
    cleanSource = src: native.unknown "a filtered source";
    cleanSourceWith = args: native.unknown "a filtered source";
    sourceByRegex = src: regexes: native.unknown "a filtered source";
    sourceFilesBySuffices = src: exts: native.unknown "a filtered source";
  };
  cli = { };
}
`;
