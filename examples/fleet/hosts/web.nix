# The web front end, as somebody new to binary caches typed it. The mistakes in this file are deliberate:
# each is one that Nix reports only in the middle of a deploy, or never. Put the caret on an underlined
# text and ask for a quick fix (Ctrl+.).
{ ... }:
{
  fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
  boot.loader.grub.device = "/dev/vda";
  networking.domain = "example.org";

  nix.settings = {
    substituters = [
      "ssh://nix-ssh@stage.example.org/?priority=50" # an ssh store has no path, not even "/"
      "htps://nix-community.cachix.org"              # one letter is missing
      "cache.nixos.org"                              # no scheme: Nix looks for a local folder
    ];

    trusted-public-keys = [
      # cut off while copying: 30 bytes instead of 32
      "stage.example.org-1:eqdlOy+HF+PaKZUp/ZdOo19qurrhtE/MRUlNatQo"
      # the secret half: everybody who reads this file can sign for it
      "web.example.org-1:fgwBbaoIajyD6hHbjhbiJWiG499Hi+/jSIwpagAupEq3jddpIvStKnU3ZNt2UYNVPH04vC/CTwQajQQHuD0BBw=="
    ];
    fallback = true;
  };

  nix.sshServe = {
    enable = true;
    # truncated
    keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/akbe2Jh5nqcCYpw0pclLQYrfvx9qw root@production" ];
  };

  services.nginx = {
    enable = true;
    virtualHosts."www.example.org".root = "/srv/www";
  };
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
