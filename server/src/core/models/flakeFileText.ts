// The flake modules of flake-file, in Nix, written for the evaluator after modules/ of vic/flake-file at c58eb27: they
// write flake.nix, and that of the dendritic pattern chooses systems. What they declare stays open.

export const FLAKE_FILE = `
native: lib:
let
  writer = { };
  dendritic = { lib, ... }: {
    systems = lib.mkDefault lib.systems.flakeExposed;
    flake.modules = { };
  };
in
{
  flakeModules = {
    default = writer;
    flake-options = writer;
    allfollow = writer;
    nix-auto-follow = writer;
    import-tree = writer;
    npins = writer;
    unflake = writer;
    nixlock = writer;
    flakeless-parts = { lib, ... }: { systems = lib.mkDefault lib.systems.flakeExposed; };
    inherit dendritic;
  };
}
`;
