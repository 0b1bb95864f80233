{
  description = "A small web shop: a staging server that is also the binary cache, a production server, a web front end";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    deploy-rs = {
      url = "github:serokell/deploy-rs";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, deploy-rs }:
    let
      system = "x86_64-linux";

      mkHost = name: nixpkgs.lib.nixosSystem {
        inherit system;
        modules = [
          ./modules/base.nix
          ./hosts/${name}.nix
          { networking.hostName = name; }
        ];
      };

      activate = name: deploy-rs.lib.${system}.activate.nixos self.nixosConfigurations.${name};
    in
    {
      nixosConfigurations = {
        stage = mkHost "stage";
        production = mkHost "production";
        web = mkHost "web";
      };

      deploy = {
        sshUser = "deploy";
        user = "root";
        # a host that cannot be reached after its activation goes back by itself
        magicRollback = true;
        autoRollback = true;

        nodes = {
          # builds and serves what the others fetch, so it goes first
          stage = {
            hostname = "stage.example.org";
            profiles.system.path = activate "stage";
          };
          production = {
            hostname = "production.example.org";
            profiles.system.path = activate "production";
          };
          web = {
            hostname = "web.example.org";
            profiles.system.path = activate "web";
          };
        };
      };

      checks = builtins.mapAttrs (_: lib: lib.deployChecks self.deploy) deploy-rs.lib;
    };
}
