# Two hosts as people write them, before one is made the cache of the other.
{
  inputs.nixpkgs.url = "nixpkgs";

  outputs = { self, nixpkgs }:
    let
      mkHost = name: nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [
          ./hosts/${name}.nix
          { networking.hostName = name; }
        ];
      };
      node = name: {
        hostname = "${name}.test";
        profiles.system = {
          user = "root";
          path = self.nixosConfigurations.${name}.config.system.build.toplevel;
        };
      };
    in
    {
      nixosConfigurations = {
        stage = mkHost "stage";
        prod = mkHost "prod";
      };

      deploy = {
        sshUser = "root";
        nodes = {
          stage = node "stage";
          prod = node "prod";
        };
      };
    };
}
