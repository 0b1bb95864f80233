// nixpkgs' lib.attrsets, in Nix, written for the evaluator. What must keep the place of names, or hangs on a condition
// of the caller, is native instead.

export const ATTRSETS = `
native: lists: strings: rec {
  inherit (builtins) attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs listToAttrs mapAttrs
    removeAttrs zipAttrsWith;
  inherit (native.attrsets) filterAttrs genAttrs mapAttrs' optionalAttrs recursiveUpdate concatMapAttrs getAttrs
    nameValuePair;
  attrVals = names: set: map (name: set.\${name}) names;
  attrsToList = set: map (name: { inherit name; value = set.\${name}; }) (attrNames set);
  mapAttrsToList = f: set: map (name: f name set.\${name}) (attrNames set);
  attrByPath = path: default: set:
    let
      n = builtins.length path;
      go = i: s:
        if i == n then s
        else let name = builtins.elemAt path i; in
          if s ? \${name} then go (i + 1) s.\${name} else default;
    in go 0 set;
  hasAttrByPath = path: set:
    let
      n = builtins.length path;
      go = i: s:
        i == n || (let name = builtins.elemAt path i; in s ? \${name} && go (i + 1) s.\${name});
    in go 0 set;
  getAttrFromPath = path: set:
    attrByPath path (abort ("cannot find attribute '" + showAttrPath path + "'")) set;
  setAttrByPath = path: value:
    let
      n = builtins.length path;
      go = i: if i == n then value else { \${builtins.elemAt path i} = go (i + 1); };
    in go 0;
  longestValidPathPrefix = path: set:
    let
      n = builtins.length path;
      go = i: s:
        if i == n then path
        else let name = builtins.elemAt path i; in
          if s ? \${name} then go (i + 1) s.\${name} else lists.take i path;
    in go 0 set;
  showAttrPath = path:
    if path == [ ] then "<root attribute path>" else builtins.concatStringsSep "." (map strings.escapeNixIdentifier path);
  filterAttrsRecursive = pred: set:
    mapAttrs (_: v: if isAttrs v then filterAttrsRecursive pred v else v) (filterAttrs pred set);
  foldlAttrs = f: init: set: builtins.foldl' (acc: name: f acc name set.\${name}) init (attrNames set);
  foldAttrs = op: nul: sets:
    mapAttrs (_: values: lists.foldr op nul values) (zipAttrs sets);
  collect = pred: set:
    if pred set then [ set ]
    else if isAttrs set then builtins.concatMap (collect pred) (attrValues set)
    else [ ];
  cartesianProduct = sets:
    builtins.foldl'
      (acc: name: builtins.concatMap (rest: map (value: rest // { \${name} = value; }) sets.\${name}) acc)
      [ { } ]
      (attrNames sets);
  mapCartesianProduct = f: sets: map f (cartesianProduct sets);
  mapAttrsRecursive = f: set: mapAttrsRecursiveCond (_: true) f set;
  mapAttrsRecursiveCond = cond: f: set:
    let
      go = path: mapAttrs (name: value:
        if isAttrs value && cond value then go (path ++ [ name ]) value else f (path ++ [ name ]) value);
    in go [ ] set;
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);
  mapAttrsToListRecursiveCond = cond: f: set:
    let
      go = path: value:
        if isAttrs value && cond path value
        then builtins.concatMap (name: go (path ++ [ name ]) value.\${name}) (attrNames value)
        else [ (f path value) ];
    in go [ ] set;
  genAttrs' = xs: f: listToAttrs (map f xs);
  isDerivation = value: value.type or null == "derivation";
  toDerivation = path: native.unknown "a derivation";
  mergeAttrsList = sets: builtins.foldl' (a: b: a // b) { } sets;
  zipAttrsWithNames = names: f: sets:
    listToAttrs (map (name: { inherit name; value = f name (catAttrs name sets); }) names);
  zipAttrs = zipAttrsWith (_: values: values);
  recursiveUpdateUntil = pred: lhs: rhs:
    let
      go = path: zipAttrsWith (name: values:
        let here = path ++ [ name ]; in
        if builtins.length values == 1 || pred here (builtins.elemAt values 1) (builtins.head values)
        then builtins.head values
        else go here values);
    in go [ ] [ rhs lhs ];
  matchAttrs = pattern: set:
    isAttrs pattern && builtins.all
      (name: let wanted = pattern.\${name}; found = set.\${name} or null; in
        set ? \${name} && (if isAttrs wanted then isAttrs found && matchAttrs wanted found else wanted == found))
      (attrNames pattern);
  overrideExisting = old: new: mapAttrs (name: value: new.\${name} or value) old;
  unionOfDisjoint = a: b:
    let both = intersectAttrs a b; in
    (a // b) // mapAttrs (name: _: throw "unionOfDisjoint: collision on \${name}") both;
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
  getOutput = output: pkg: if !(pkg.outputSpecified or false) then pkg.\${output} or pkg.out or pkg else pkg;
  getFirstOutput = candidates: pkg:
    let outputs = builtins.filter (name: hasAttr name pkg) candidates;
    in if pkg.outputSpecified or false || outputs == [ ] then pkg else pkg.\${builtins.head outputs};
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getStatic = getFirstOutput [ "static" "lib" "out" ];
  getDev = getOutput "dev";
  getInclude = getFirstOutput [ "include" "dev" "out" ];
  getMan = getFirstOutput [ "man" "doc" "out" ];
  chooseDevOutputs = map getDev;
}
`;
