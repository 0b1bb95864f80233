# What every server has: people who may log in, SSH, the hosts it knows, housekeeping of the store.
{ pkgs, ... }:
{
  nix.settings = {
    experimental-features = [ "nix-command" "flakes" ];
    trusted-users = [ "root" "deploy" ];
  };

  nix.gc = {
    automatic = true;
    dates = "weekly";
    options = "--delete-older-than 30d";
  };

  users.users.deploy = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    openssh.authorizedKeys.keys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbgkKmohkCwERVxFKC181+crn2Nu1aCxz80ieIdMvLO alice@example.org"
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAzBpu+SSOMYyUqrDrB+a3GkrzN2cMdvyScE9yTQo4Np bob@example.org"
    ];
  };
  security.sudo.wheelNeedsPassword = false;

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
  };

  # pinned, so that no build waits for somebody to answer "yes"
  programs.ssh.knownHosts."stage.example.org".publicKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTHbigfj8WOUCvQDd2zVhoaUQznDdLUwafbkZiokuCQ";

  environment.systemPackages = [ pkgs.htop ];
  time.timeZone = "UTC";
  system.stateVersion = "25.05";
}
