// lib.fileset as far as modules are found with it, in Nix, written for the evaluator: the files below a folder, filtered.
// They stand in the order of their names, so a list of what `unions` puts together is Unknown.

export const FILESET = `
native: lib:
let
  inherit (builtins) attrNames concatMap elem filter isPath pathExists readDir readFileType;

  # A file set is a list of paths in order; ordered: whether the order is known, and not the members alone.
  made = ordered: files: { _type = "fileset"; inherit ordered files; };
  below = keep: dir:
    let entries = readDir dir; in
    concatMap
      (name:
        let path = dir + "/\${name}"; in
        if entries.\${name} == "directory" then below keep path
        else if keep name entries.\${name} then [ path ]
        else [ ])
      (attrNames entries);
  filesIn = keep: path:
    let type = readFileType path; in
    if type == "directory" then below keep path
    else if keep (baseNameOf path) type then [ path ]
    else [ ];
  any = name: type: true;
  coerce = fileset:
    if isPath fileset then made true (filesIn any fileset)
    else if lib.isAttrs fileset && fileset._type or null == "fileset" then fileset
    else native.unknown "a file set";
  filtered = keep: a:
    let set = coerce a; in
    set // { files = filter keep set.files; };
in
{
  toList = fileset:
    let set = coerce fileset; in
    if set.ordered then set.files else native.unknown "the order of a file set";
  fileFilter = predicate: path:
    made true (filesIn (name: type: predicate { inherit name type; hasExt = ext: lib.hasSuffix ".\${ext}" name; }) path);
  maybeMissing = path: if pathExists path then coerce path else made true [ ];
  difference = a: b: let taken = (coerce b).files; in filtered (path: !(elem path taken)) a;
  intersection = a: b: let kept = (coerce b).files; in filtered (path: elem path kept) a;
  union = a: b: made false ((coerce a).files ++ (coerce b).files);
  unions = sets: made false (concatMap (set: (coerce set).files) sets);
  empty = made true [ ];
}
`;
