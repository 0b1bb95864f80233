# Production: the shop and its database.
{ pkgs, ... }:
{
  imports = [ ../modules/stage-cache.nix ];

  fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
  boot.loader.grub.device = "/dev/vda";
  networking.domain = "example.org";

  services.postgresql = {
    enable = true;
    package = pkgs.postgresql_16;
    ensureDatabases = [ "shop" ];
  };

  services.nginx = {
    enable = true;
    recommendedTlsSettings = true;
    virtualHosts."shop.example.org" = {
      forceSSL = true;
      enableACME = true;
      locations."/".proxyPass = "http://127.0.0.1:8080";
    };
  };
  security.acme = { acceptTerms = true; defaults.email = "ops@example.org"; };
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
