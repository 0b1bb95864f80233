// import-tree, in Nix, written for the evaluator after default.nix of vic/import-tree at c41e7d5: a module that imports the
// files below some folders, by default every .nix file but those with a name that begins with an underscore on their way.

export const IMPORT_TREE = `
native: lib:
let
  inherit (builtins) attrNames concatMap filter isAttrs isList isPath isString match readDir readFileType;

  isTree = x: isAttrs x && x ? __config.__functor;
  isPlace = x: isPath x || isString x || isAttrs x && x ? outPath;

  flat = x: if isList x then concatMap flat x else [ x ];

  # Filters see what is below the folder that was given. Of a file that was given itself they see the whole path in the
  # store, which is not known but for its end.
  file = value: shown: seen: { inherit value shown seen; };
  below = dir: way:
    let entries = readDir dir; in
    concatMap
      (name:
        if entries.\${name} == "directory" then below (dir + "/\${name}") "\${way}/\${name}"
        else [ (file (dir + "/\${name}") "\${way}/\${name}" "\${way}/\${name}") ])
      (attrNames entries);
  whole = path:
    file path
      (if native.isHidden path then "/_/\${baseNameOf path}" else "/\${baseNameOf path}")
      (native.unknown "the store path of a file");

  filesOf = x:
    if isTree x then map whole (x.withLib lib).files
    else if isAttrs x && x ? outPath then filesOf x.outPath
    else if !(isPlace x) then [ (file x x x) ]
    else if readFileType x == "directory" then below x ""
    else [ (whole x) ];

  leafs = config: root:
    let
      isNix = shown: lib.hasSuffix ".nix" shown && !(lib.hasInfix "/_" shown);
      passes = each:
        (if config.initf != null then config.initf each.seen else !(isPlace each.value) || isNix each.shown)
        && config.filterf each.seen;
    in
    map (each: config.mapf each.value) (filter passes (concatMap filesOf (flat [ config.paths root ])));

  perform = config: root:
    if config.pipef == null then { imports = leafs config root; }
    else if config.lib == null then throw "You need to call withLib before trying to read the tree."
    else config.pipef (leafs config root);

  # An import-tree with these settings; \`api\` holds functions that people have added, which take the whole.
  treeOf = config:
    let
      self = treeOf config;
      set = more: treeOf (config // more);
      filtered = test: set { filterf = x: config.filterf x && test x; };
      matches = regex: x: match regex x != null;
    in
    builtins.mapAttrs (_: f: f self) config.api
    // {
      __config = config // { __functor = _: update: treeOf (update config); };
      __functor = _: arg: perform config (if isAttrs arg && arg ? options then [ ] else arg);
      filter = filtered;
      filterNot = test: filtered (x: !(test x));
      match = regex: filtered (matches regex);
      matchNot = regex: filtered (x: !(matches regex x));
      map = f: set { mapf = x: f (config.mapf x); };
      addPath = path: set { paths = config.paths ++ [ path ]; };
      addAPI = api: set { api = config.api // api; };
      withLib = lib: set { inherit lib; };
      initFilter = initf: set { inherit initf; };
      pipeTo = pipef: set { inherit pipef; };
      leafs = set { pipef = x: x; };
      result = self [ ];
      files = self.leafs.result;
      new = treeOf initial;
    };
  initial = { api = { }; mapf = x: x; filterf = _: true; initf = null; pipef = null; lib = null; paths = [ ]; };
in
treeOf initial
`;

/** What an import-tree has, as long as nobody has added to it. */
export const IMPORT_TREE_PARTS = [
  "__config",
  "__functor",
  "filter",
  "filterNot",
  "match",
  "matchNot",
  "map",
  "addPath",
  "addAPI",
  "withLib",
  "initFilter",
  "pipeTo",
  "leafs",
  "result",
  "files",
  "new",
];
