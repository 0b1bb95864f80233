// import-tree as far as it is called with paths, in Nix, written for the evaluator: a module that imports every .nix file
// below them, but for names that begin with an underscore.

export const IMPORT_TREE = `
native: lib:
let
  inherit (builtins) attrNames concatMap isList isPath isString readDir substring;
  below = dir:
    let entries = readDir dir; in
    concatMap
      (name:
        let path = dir + "/\${name}"; in
        if substring 0 1 name == "_" then [ ]
        else if entries.\${name} == "directory" then below path
        else if lib.hasSuffix ".nix" name then [ path ]
        else [ ])
      (attrNames entries);
  leafs = tree:
    if isList tree then concatMap leafs tree
    else if !(isPath tree || isString tree) then [ (native.unknown "a tree of import-tree") ]
    else if builtins.readFileType tree == "directory" then below tree
    else [ tree ];
in
_: tree: { imports = leafs tree; }
`;
