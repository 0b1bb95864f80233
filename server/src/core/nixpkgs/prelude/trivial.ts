// nixpkgs' lib.trivial, lib.fixedPoints, lib.asserts, lib.versions and lib.debug, in Nix, written for the evaluator.

export const TRIVIAL = `
rec {
  trivial = rec {
    inherit (builtins) add bitAnd bitOr bitXor ceil deepSeq div floor fromJSON fromTOML genericClosure isBool isFloat
      isInt lessThan mul pathExists readFile seq sub;
    and = x: y: x && y;
    or = x: y: x || y;
    xor = x: y: (!x) != (!y);
    bitNot = x: (-1) - x;
    id = x: x;
    const = x: _: x;
    pipe = value: functions: builtins.foldl' (acc: f: f acc) value functions;
    concat = x: y: x ++ y;
    flip = f: a: b: f b a;
    mergeAttrs = x: y: x // y;
    defaultTo = fallback: value: if value == null then fallback else value;
    mapNullable = f: value: if value == null then value else f value;
    boolToString = b: if b then "true" else "false";
    boolToYesNo = b: if b then "yes" else "no";
    min = x: y: if x < y then x else y;
    max = x: y: if x > y then x else y;
    mod = base: int: base - int * (builtins.div base int);
    compare = a: b: if a < b then -1 else if a > b then 1 else 0;
    splitByAndCompare = p: yes: no: a: b:
      if p a then (if p b then yes a b else -1) else if p b then 1 else no a b;
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    importTOML = path: builtins.fromTOML (builtins.readFile path);
    warn = msg: value: builtins.seq msg value;
    warnIf = cond: msg: value: if cond then warn msg value else value;
    warnIfNot = cond: warnIf (!cond);
    showWarnings = warnings: value: builtins.foldl' (acc: w: warn w acc) value warnings;
    throwIf = cond: msg: value: if cond then throw msg else value;
    throwIfNot = cond: throwIf (!cond);
    checkListOfEnum = msg: valid: given:
      let unexpected = builtins.filter (x: !builtins.elem x valid) given;
      in throwIfNot (unexpected == [ ])
        "\${msg}: \${builtins.concatStringsSep ", " (map toString unexpected)} unexpected; valid ones: \${builtins.concatStringsSep ", " (map toString valid)}";
    setFunctionArgs = f: args: { __functor = self: f; __functionArgs = args; };
    functionArgs = f:
      if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;
    isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
    mirrorFunctionArgs = f: let args = functionArgs f; in g: if args == { } then g else setFunctionArgs g args;
    toFunction = v: if isFunction v then v else _: v;
    toHexString = let digits = "0123456789ABCDEF"; in i:
      builtins.concatStringsSep "" (map (d: builtins.substring d 1 digits) (toBaseDigits 16 i));
    toBaseDigits = base: i:
      let go = n: if n < base then [ n ] else go (n / base) ++ [ (mod n base) ];
      in assert base >= 2; assert i >= 0; go i;
    fromHexString = text:
      let hex = builtins.match "(0x)?([0-9a-fA-F]+)" text;
      in if hex == null then throw "fromHexString: \${text} is not a hexadecimal number"
        else (builtins.fromTOML "v=0x\${builtins.elemAt hex 1}").v;
  };

  fixedPoints = rec {
    fix = f: let x = f x; in x;
    fix' = f: let x = f x // { __unfix__ = f; }; in x;
    converge = f: x: let next = f x; in if next == x then x else converge f next;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    composeExtensions = f: g: final: prev:
      let first = f final prev; in first // g final (prev // first);
    composeManyExtensions = extensions: final: prev:
      let step = acc: ext: { prev = acc.prev // (ext final acc.prev); all = acc.all // (ext final acc.prev); };
      in (builtins.foldl' step { inherit prev; all = { }; } extensions).all;
    makeExtensible = makeExtensibleWithCustomName "extend";
    makeExtensibleWithCustomName = name: rattrs:
      fix' (self: rattrs self // {
        \${name} = f: makeExtensibleWithCustomName name (extends f rattrs);
      });
    toExtension = f:
      if trivial.isFunction f
      then final: prev: let fPrev = f prev; in if trivial.isFunction fPrev then f final prev else fPrev
      else final: prev: f;
  };

  asserts = rec {
    assertMsg = pred: msg: pred || throw msg;
    assertOneOf = name: val: xs:
      assertMsg (builtins.elem val xs) "\${name} must be one of the allowed values, but is: \${builtins.toJSON val}";
    assertEachOneOf = name: vals: xs:
      assertMsg (builtins.all (v: builtins.elem v xs) vals) "each element in \${name} must be one of the allowed values";
    checkAssertWarn = assertions: warnings: value:
      let failed = map (x: x.message) (builtins.filter (x: !x.assertion) assertions);
      in if failed != [ ] then throw "Failed assertions: \${builtins.concatStringsSep ", " failed}" else value;
  };

  versions = rec {
    inherit (builtins) compareVersions splitVersion;
    major = v: builtins.elemAt (splitVersion v) 0;
    minor = v: builtins.elemAt (splitVersion v) 1;
    patch = v: builtins.elemAt (splitVersion v) 2;
    majorMinor = v: builtins.concatStringsSep "." [ (major v) (minor v) ];
    pad = n: version:
      let
        numbers = builtins.head (builtins.match "([^-]*)(-.*)?" version);
        suffix = builtins.elemAt (builtins.match "([^-]*)(-.*)?" version) 1;
        parts = splitVersion numbers;
        have = builtins.length parts;
        filled = builtins.genList (i: if i < have then builtins.elemAt parts i else "0") n;
      in builtins.concatStringsSep "." filled + (if suffix == null then "" else suffix);
  };

  debug = {
    inherit (builtins) trace addErrorContext unsafeGetAttrPos;
    traceIf = cond: msg: x: x;
    traceVal = x: x;
    traceValFn = f: x: x;
    traceSeq = x: y: y;
    traceSeqN = depth: x: y: y;
    traceValSeq = v: v;
    traceValSeqFn = f: v: v;
    traceValSeqN = depth: v: v;
    traceValSeqNFn = f: depth: v: v;
    traceFnSeqN = depth: name: f: v: f v;
    testAllTrue = expr: { inherit expr; expected = map (x: true) expr; };
  };
}
`;
