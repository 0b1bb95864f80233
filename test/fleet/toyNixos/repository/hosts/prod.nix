{ ... }:

{
  nix.settings = {
    max-jobs = 2;
  };
}
