// nixpkgs' lib.lists, in Nix, written for the evaluator. What hangs on a condition of the caller is native instead.

export const LISTS = `
native: rec {
  inherit (builtins) all any concatLists concatMap elem elemAt filter foldl' genList groupBy head isList length map
    partition sort tail;
  inherit (native.lists) optional optionals flatten unique imap0 imap1 remove take drop toList;
  singleton = x: [ x ];
  forEach = xs: f: map f xs;
  foldr = op: nul: list:
    let
      n = length list;
      go = i: if i == n then nul else op (elemAt list i) (go (i + 1));
    in go 0;
  fold = foldr;
  foldl = op: nul: list:
    let go = i: if i == 0 then nul else op (go (i - 1)) (elemAt list (i - 1));
    in go (length list);
  ifilter0 = pred: xs:
    map (p: p.value) (filter (p: pred p.index p.value) (imap0 (index: value: { inherit index value; }) xs));
  groupBy' = op: nul: key: xs: builtins.mapAttrs (_: foldl op nul) (groupBy key xs);
  findSingle = pred: default: multiple: xs:
    let found = filter pred xs;
    in if found == [ ] then default else if length found > 1 then multiple else head found;
  findFirstIndex = pred: default: xs:
    let
      n = length xs;
      go = i: if i == n then default else if pred (elemAt xs i) then i else go (i + 1);
    in go 0;
  findFirst = pred: default: xs:
    let at = findFirstIndex pred null xs; in if at == null then default else elemAt xs at;
  count = pred: xs: foldl' (c: x: if pred x then c + 1 else c) 0 xs;
  range = first: last: if first > last then [ ] else genList (n: first + n) (last - first + 1);
  replicate = n: x: genList (_: x) n;
  zipListsWith = f: a: b:
    let n = if length a < length b then length a else length b;
    in genList (i: f (elemAt a i) (elemAt b i)) n;
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  reverseList = xs: let n = length xs; in genList (i: elemAt xs (n - i - 1)) n;
  sortOn = f: xs:
    map (p: elemAt p 1) (sort (a: b: head a < head b) (map (x: [ (f x) x ]) xs));
  compareLists = cmp: a: b:
    if a == [ ] then (if b == [ ] then 0 else -1)
    else if b == [ ] then 1
    else let rel = cmp (head a) (head b); in if rel == 0 then compareLists cmp (tail a) (tail b) else rel;
  naturalSort = xs:
    let
      parts = s: map (p: if builtins.isList p then builtins.fromJSON (head p) else p) (builtins.split "(0|[1-9][0-9]*)" s);
      cmp = a: b: if a < b then -1 else if a > b then 1 else 0;
      keyed = map (x: [ (parts x) x ]) xs;
    in map (p: elemAt p 1) (sort (a: b: compareLists cmp (head a) (head b) < 0) keyed);
  takeEnd = n: xs: drop (let m = length xs - n; in if m < 0 then 0 else m) xs;
  dropEnd = n: xs: take (let m = length xs - n; in if m < 0 then 0 else m) xs;
  sublist = start: count: xs: take count (drop start xs);
  hasPrefix = a: b: take (length a) b == a;
  removePrefix = a: b:
    if hasPrefix a b then drop (length a) b else throw "lib.lists.removePrefix: first argument is not a list prefix of the second";
  commonPrefix = a: b:
    let
      n = if length a < length b then length a else length b;
      go = i: if i == n || elemAt a i != elemAt b i then i else go (i + 1);
    in take (go 0) a;
  last = xs: assert xs != [ ] || throw "lists.last: list must not be empty!"; elemAt xs (length xs - 1);
  init = xs: assert xs != [ ] || throw "lists.init: list must not be empty!"; take (length xs - 1) xs;
  crossLists = f: foldl (fs: args: concatMap (g: map g args) fs) [ f ];
  uniqueStrings = xs: builtins.attrNames (builtins.groupBy (x: x) xs);
  allUnique = xs: length (unique xs) == length xs;
  intersectLists = e: filter (x: elem x e);
  subtractLists = e: filter (x: !(elem x e));
  mutuallyExclusive = a: b: length a == 0 || !(any (x: elem x a) b);
  concatAttrValues = set: concatLists (builtins.attrValues set);
  replaceElemAt = xs: index: value:
    if index < 0 || index >= length xs then throw "'lists.replaceElemAt' called with index \${toString index} on a list of size \${toString (length xs)}"
    else genList (i: if i == index then value else elemAt xs i) (length xs);
  listDfs = stopOnCycles: before: list:
    let
      go = us: visited: rest:
        let
          c = filter (x: before x us) visited;
          b = partition (x: before x us) rest;
        in
        if stopOnCycles && c != [ ] then { cycle = us; loops = c; inherit visited rest; }
        else if b.right == [ ] then { minimal = us; inherit visited rest; }
        else go (head b.right) ([ us ] ++ visited) (tail b.right ++ b.wrong);
    in go (head list) [ ] (tail list);
  toposort = before: list:
    let
      found = listDfs true before list;
      rest = toposort before (found.visited ++ found.rest);
    in
    if length list < 2 then { result = list; }
    else if found ? cycle then { cycle = reverseList ([ found.cycle ] ++ found.visited); inherit (found) loops; }
    else if rest ? cycle then rest
    else { result = [ found.minimal ] ++ rest.result; };
}
`;
