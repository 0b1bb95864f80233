// nixpkgs' lib.strings and lib.stringsWithDeps, in Nix, written for the evaluator.

export const STRINGS = String.raw`
native: lists: rec {
  inherit (builtins) compareVersions concatStringsSep fromJSON match parseDrvName readFile replaceStrings split
    stringLength substring toJSON typeOf unsafeDiscardStringContext isString isList isAttrs isInt isPath head tail elem
    elemAt filter genList;
  inherit (native.strings) optionalString splitString hasPrefix hasSuffix hasInfix removePrefix removeSuffix toLower
    toUpper concatMapStringsSep concatMapStrings;
  storeDir = builtins.storeDir;
  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  concatStrings = concatStringsSep "";
  join = concatStringsSep;
  concatLines = concatMapStrings (s: s + "\n");
  concatImapStrings = f: xs: concatStrings (lists.imap1 f xs);
  concatImapStringsSep = sep: f: xs: concatStringsSep sep (lists.imap1 f xs);
  concatMapAttrsStringSep = sep: f: set:
    concatStringsSep sep (map (name: f name set.${"$"}{name}) (builtins.attrNames set));
  intersperse = sep: xs:
    if xs == [ ] || builtins.length xs == 1 then xs
    else builtins.tail (builtins.concatMap (x: [ sep x ]) xs);
  replicate = n: s: concatStrings (lists.replicate n s);
  replaceString = from: to: replaceStrings [ from ] [ to ];
  stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
  stringAsChars = f: s: concatStrings (map f (stringToCharacters s));
  trimWith = { start ? false, end ? false }: s:
    let
      blanks = " \t\r\n";
      left = if start then builtins.head (match "[${"$"}{blanks}]*(.*)" s) else s;
      right = builtins.match "(.*[^${"$"}{blanks}])[${"$"}{blanks}]*" left;
    in if end then (if right == null then "" else builtins.head right) else left;
  trim = trimWith { start = true; end = true; };
  escape = list: replaceStrings list (map (c: "\\${"$"}{c}") list);
  escapeShellArg = arg:
    let s = toString arg; in
    if match "[[:alnum:],._+:@%/-]+" s == null then "'${"$"}{replaceStrings [ "'" ] [ "'\\''" ] s}'" else s;
  escapeShellArgs = args: concatStringsSep " " (map escapeShellArg args);
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  toShellVar = name: value:
    if !isValidPosixName name then throw "toShellVar: ${"$"}{name} is not a valid shell variable name"
    else if isAttrs value && !isStringLike value
    then "declare -A ${"$"}{name}=(${"$"}{concatStringsSep " " (map (n: "[${"$"}{escapeShellArg n}]=${"$"}{escapeShellArg value.${"$"}{n}}") (builtins.attrNames value))})"
    else if isList value then "declare -a ${"$"}{name}=(${"$"}{escapeShellArgs value})"
    else "${"$"}{name}=${"$"}{escapeShellArg value}";
  toShellVars = vars: concatStringsSep "\n" (map (name: toShellVar name vars.${"$"}{name}) (builtins.attrNames vars));
  escapeNixString = s: escape [ "$" ] (toJSON s);
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  escapeNixIdentifier = s:
    if match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null
      && !(elem s [ "assert" "else" "if" "in" "inherit" "let" "or" "rec" "then" "with" ])
    then s else escapeNixString s;
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  toSentenceCase = s: toUpper (substring 0 1 s) + toLower (substring 1 (-1) s);
  addContextFrom = src: target: substring 0 0 src + target;
  splitStringBy = predicate: keep: s:
    let
      n = stringLength s;
      step = acc: i:
        let
          c = substring i 1 s;
          before = if i == 0 then "" else substring (i - 1) 1 s;
        in
        if predicate before c then { done = acc.done ++ [ acc.now ]; now = if keep then c else ""; }
        else acc // { now = acc.now + c; };
      end = builtins.foldl' step { done = [ ]; now = ""; } (genList (i: i) n);
    in if n == 0 then [ "" ] else end.done ++ [ end.now ];
  getName = x: if isString x then (parseDrvName x).name else x.pname or (parseDrvName x.name).name;
  getVersion = x: if isString x then (parseDrvName x).version else x.version or (parseDrvName x.name).version;
  nameFromURL = url: sep:
    let file = lists.last (splitString "/" url); name = head (splitString sep file);
    in assert name != file; name;
  versionOlder = a: b: compareVersions b a == 1;
  versionAtLeast = a: b: !versionOlder a b;
  cmakeOptionType = type: feature: value: "-D${"$"}{feature}:${"$"}{toUpper type}=${"$"}{value}";
  cmakeBool = feature: flag: cmakeOptionType "bool" feature (if flag then "TRUE" else "FALSE");
  cmakeFeature = cmakeOptionType "string";
  mesonOption = feature: value: "-D${"$"}{feature}=${"$"}{value}";
  mesonBool = feature: flag: mesonOption feature (if flag then "true" else "false");
  mesonEnable = feature: flag: mesonOption feature (if flag then "enabled" else "disabled");
  enableFeature = flag: feature: "--${"$"}{if flag then "enable" else "disable"}-${"$"}{feature}";
  enableFeatureAs = flag: feature: value: enableFeature flag feature + optionalString flag "=${"$"}{value}";
  withFeature = flag: feature: "--${"$"}{if flag then "with" else "without"}-${"$"}{feature}";
  withFeatureAs = flag: feature: value: withFeature flag feature + optionalString flag "=${"$"}{value}";
  fixedWidthString = width: filler: s:
    let missing = width - stringLength s;
    in if missing < 0 then throw "fixedWidthString: requested string length (${"$"}{toString width}) must not be shorter than actual length (${"$"}{toString (stringLength s)})"
      else if missing == 0 then s else filler + fixedWidthString (width - stringLength filler) filler s;
  fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
  floatToString = x: toString x;
  isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;
  isConvertibleWithToString = x:
    isStringLike x || elem (typeOf x) [ "null" "int" "float" "bool" ]
    || (isList x && builtins.all isConvertibleWithToString x);
  toInt = s:
    let digits = match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" s;
    in if digits == null then throw "toInt: Could not convert ${"$"}{escapeNixString s} to int."
      else if match "0[[:digit:]]+" (head digits) != null
      then throw "toInt: Ambiguity in interpretation of ${"$"}{escapeNixString s} between octal and zero padded integer."
      else fromJSON (head digits);
  toIntBase10 = s:
    let digits = match "[[:space:]]*0*(-?[[:digit:]]+)[[:space:]]*" s;
    in if digits == null then throw "toIntBase10: Could not convert ${"$"}{escapeNixString s} to int."
      else fromJSON (head digits);
  fileContents = file: removeSuffix "\n" (readFile file);
  makeSearchPath = sub: paths: concatStringsSep ":" (map (p: p + "/" + sub) (filter (p: p != null) paths));
  makeSearchPathOutput = output: sub: packages: native.unknown "paths of packages";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  makeBinPath = makeSearchPathOutput "bin" "bin";
  commonPrefixLength = a: b:
    let
      n = if stringLength a < stringLength b then stringLength a else stringLength b;
      go = i: if i >= n || substring i 1 a != substring i 1 b then i else go (i + 1);
    in go 0;
  sanitizeDerivationName = s:
    let
      bare = head (match "\\.*(.*)" s);
      clean = concatMapStrings (p: if isList p then "-" else p) (split "[^[:alnum:]+._?=-]+" bare);
      n = stringLength clean;
      short = substring (if n > 207 then n - 207 else 0) (-1) clean;
    in
    if stringLength s <= 207 && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" s != null then s
    else if short == "" then "unknown" else short;
}
`;

export const STRINGS_WITH_DEPS = `
rec {
  fullDepEntry = text: deps: { inherit text deps; };
  noDepEntry = text: { inherit text; deps = [ ]; };
  packEntry = deps: { inherit deps; text = ""; };
  stringAfter = deps: text: { inherit text deps; };
}
`;
