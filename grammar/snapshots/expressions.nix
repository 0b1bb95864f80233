#--- lambdas
{ lib, pkgs ? import <nixpkgs> { }, }: args@{ x, ... }: { ... }@y: { }: _: x
#--- pipes
1 |> f x |> g // { a = f <| y; }
#--- pipes that go left
f <| g <| h 1
#--- operators from the loosest to the tightest
a -> b || c && d == e < f // !g + h * i ++ j ? k.l."m" ++ -n o.p or q
#--- paths
[ ./a ../b/c.nix /etc/${x}/y ~/z ~/${x}/y a/b.c-d+e <nixpkgs/lib> ./${x}.nix a/b${c} d/e${f} ]
#--- not paths
[ (a//b) (a / b) (1.5 / .5) ]
#--- numbers and a URI
[ 0 12 1.5 .5 0.5e-3 1.e3 https://cache.nixos.org/a?b=c&d x:y ]
#--- or as a name
{ or = 1; a = x.or; b = map or [ ]; c = f or x; inherit or; d = e.f or g.or or h; }
#--- sets
rec { a.b."c d".${e}."f${g}" = 1; inherit a; inherit (b.c) d "e" ${"f"}; inherit; inherit (x); }
#--- old let, new let
[ (let { a = 1; body = a; }) (let in 1) (let a = 1; inherit b; in a) ]
#--- control
with a; assert b; if c then d else let e = __curPos; in e
#--- strings
[ "" "a\"b\n\${c} $${d} $$${e} ${"f${g}"} $" '''' ''
    a '''' b ''$ ''${c} ''\n $${d} $$${e} ${f} ' $'' ''' $$''' '' ''''a'' ]
#--- a comment of each kind
/* a ** b */ # c
{ # d
  /** e */ f = /* g */ 1; # h
} // /**/ { }
#--- unicode
{ "é😀" = "ü${x}😀"; } # 😀
