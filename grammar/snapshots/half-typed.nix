#--- no value before a semicolon
{ a = 1; b = ; c = 2; }
#--- no semicolon
{ a = 1; b = 2
  c = f x
  d.e = 3; inherit g
  inherit h; }
#--- no value
{ a = 1; b =
  c = 2; }
#--- a name alone
{ a = 1; nix
  c = 2; d; e = 3; }
#--- an attribute path
{ a = 1; nix.settings. }
#--- an attribute path before its value
{ nix.settings. = 1; c = 2; }
#--- a selection
{ a = 1; b = config.
  c = 2; d = x.; e = 3; }
#--- an open list
{ a = 1; x = [ "a" y
  b = 2; c = [ "b" ; d = 3; }
#--- an open parenthesis
{ a = 1; x = f (y z
  b = 2; c = (1 + ; d = 3; }
#--- an operand
{ a = 1 + ; b = !; c = x: ; d = if y then z else ; e = [ 1 ] ++
  f = 2; }
#--- an interpolation
{ a = "x${}y"; b = ./a/${}; c = 2; }
#--- a closing bracket too many
{ a = f ) x; b = [ 1 } ]; c = 3; }
#--- a closing brace too many
{ a = 1; }
  b = 2; }
#--- a keyword too early
{ a = 1; b = if x then; c = 2; }
#--- a let without its in
{ a = 1; b = let y = 1; c = 2; }
#--- a list that nobody closes
{ a = 1; x = [ "a"
#--- a string that nobody closes
{ a = 1; x = "abc
#--- a brace that nobody closes
{ a = 1; nix = { settings = { b = 2; };
#--- an argument
{ lib, pkgs, config ? , }: { a = 1; }
#--- what is no Nix at all
{ a = 1; b = $x; c = @; d = 2; }
