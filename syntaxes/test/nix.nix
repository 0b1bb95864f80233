# SYNTAX TEST "source.nix" "Nix"

# a comment
# <- comment.line.number-sign.nix

{ lib, pkgs ? null, ... }@args:
# <- punctuation.section.block.begin.nix
# ^^^ variable.parameter.nix
#    ^ punctuation.separator.nix
#             ^^^^ constant.language.nix
#                   ^^^ keyword.operator.ellipsis.nix
#                         ^^^^ variable.parameter.nix
{
  config,
# ^^^^^^ variable.parameter.nix
  x ? "y",
# ^ variable.parameter.nix
}: { z }: 1
#    ^ variable.parameter.nix
let
# <--- keyword.declaration.nix
  a.b."c d" = 1;
# ^ entity.other.attribute-name.nix
#   ^ entity.other.attribute-name.nix
#     ^^^^^ string.quoted.double.nix entity.other.attribute-name.nix
#           ^ keyword.operator.assignment.nix
#             ^ constant.numeric.integer.nix
#              ^ punctuation.terminator.nix
  e = a == b;
# ^ entity.other.attribute-name.nix
#     ^ variable.other.nix - entity.other.attribute-name.nix
  inherit (builtins.readFile) x;
# ^^^^^^^ keyword.declaration.nix
#          ^^^^^^^^ support.class.nix
#                   ^^^^^^^^ support.function.nix
in
# <-- keyword.declaration.nix
if true then import ./a/b.nix else /etc/${x}/y
# <-- keyword.control.nix
#  ^^^^ constant.language.nix
#            ^^^^^^ support.function.nix
#                   ^^^^^^^^^ string.unquoted.path.nix
#                                  ^^^^^ string.unquoted.path.nix
#                                       ^^ punctuation.section.embedded.begin.nix
#                                         ^ variable.other.nix
#                                          ^ punctuation.section.embedded.end.nix
#                                           ^^ string.unquoted.path.nix

a // b
# ^^ keyword.operator.nix - string.unquoted.path.nix
a//b
#^^ keyword.operator.nix - string.unquoted.path.nix
~/x <nixpkgs/lib> https://cache.nixos.org 1.5
# <--- string.unquoted.path.nix
#   ^^^^^^^^^^^^^ string.unquoted.search-path.nix
#                 ^^^^^^^^^^^^^^^^^^^^^^^ string.unquoted.uri.nix
#                                         ^^^ constant.numeric.float.nix
x: y |> f <| z.inherit or q
# <- variable.parameter.nix
#    ^^ keyword.operator.nix
#         ^^ keyword.operator.nix
#              ^^^^^^^ variable.other.nix - keyword.declaration.nix
#                      ^^ keyword.operator.word.nix

"a\"${ { b = "c"; }.b }$${d}"
# <- punctuation.definition.string.begin.nix
# ^^ constant.character.escape.nix
#   ^^ punctuation.section.embedded.begin.nix
#        ^ entity.other.attribute-name.nix
#            ^^^ string.quoted.double.nix
#                 ^ punctuation.section.block.end.nix
#                     ^ punctuation.section.embedded.end.nix
#                      ^^ constant.character.escape.nix
#                           ^ punctuation.definition.string.end.nix

''
# <-- punctuation.definition.string.begin.nix
  a '' + 1
#   ^^ punctuation.definition.string.end.nix
#      ^ keyword.operator.nix

'' ''${x} ''' ''\n ${y} '' z
#  ^^^ constant.character.escape.nix
#     ^^^ string.quoted.other.nix - meta.embedded.nix
#         ^^^ constant.character.escape.nix
#             ^^^^ constant.character.escape.nix
#                  ^^^^ meta.embedded.nix
#                       ^^ punctuation.definition.string.end.nix
#                          ^ variable.other.nix

/* block */ /** doc */ x
# <----------- comment.block.nix
#           ^^^^^^^^^^ comment.block.documentation.nix
#                      ^ variable.other.nix
