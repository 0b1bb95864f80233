# Staging: runs the shop before production does, and serves its store to the other servers.
{ config, lib, ... }:
let
  signingKey = "/var/lib/nix-signing/cache-priv-key.pem";
in
{
  fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
  boot.loader.grub.device = "/dev/vda";
  networking.domain = "example.org";

  nix.sshServe = {
    enable = true;
    # root of the servers that fetch from here
    keys = [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/akbe2Jh5nqcCYpw0pclLQYrfvx9qw64TGDcDEY8DM root@production"
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMnXjsxl/UiFfTSTEhJblktebmhgOIQa0rncoJyZNmaR root@web"
    ];
  };

  nix.settings.secret-key-files = [ signingKey ];

  # the secret half never leaves this server: it is made here, once
  systemd.services.nix-signing-key = {
    wantedBy = [ "multi-user.target" ];
    before = [ "nix-daemon.service" ];
    unitConfig.ConditionPathExists = "!${signingKey}";
    serviceConfig = { Type = "oneshot"; StateDirectory = "nix-signing"; UMask = "0077"; };
    script = ''
      ${lib.getExe' config.nix.package "nix-store"} --generate-binary-cache-key \
        stage.example.org-1 ${signingKey} /var/lib/nix-signing/cache-pub-key.pem
    '';
  };
}
