{ ... }:

{
  # builds first
  nix.settings.max-jobs = 2;
}
