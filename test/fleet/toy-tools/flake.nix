# The toy fleet as deploy-rs and colmena want it: what their libraries make with nixpkgs is made here without.
{
  outputs = { self }:
    let
      toy = (import ./toy.nix).outputs { self = toy; };
      hosts = import ./hosts.nix;
      settings = import ./nodes.nix;
      mapAttrs = builtins.mapAttrs;
      select = names: set: builtins.listToAttrs (map (name: { inherit name; value = set.${name}; }) names);
      toplevel = host: toy.nixosConfigurations.${host}.config.system.build.toplevel;
      # as deploy-rs.lib.activate.nixos
      activatable = host: derivation {
        name = "activatable-${(toplevel host).name}";
        system = "x86_64-linux";
        builder = "/bin/sh";
        PATH = "/usr/bin:/bin";
        base = toplevel host;
        program = ./activate-program;
        args = [ "-euc" ''
          mkdir $out
          for each in $base/*; do ln -s $each $out/; done
          cat > $out/deploy-rs-activate <<'END'
          #!/bin/sh
          set -eu
          if [ "''${DRY_ACTIVATE:-}" = 1 ]; then exec $PROFILE/bin/switch-to-configuration dry-activate
          elif [ "''${BOOT:-}" = 1 ]; then exec $PROFILE/bin/switch-to-configuration boot
          else cd /tmp; exec $PROFILE/bin/switch-to-configuration switch; fi
          END
          printf '#!/bin/sh\nexec %s/bin-activate "$@"\n' $out > $out/activate-rs
          cp $program $out/bin-activate
          chmod +x $out/deploy-rs-activate $out/activate-rs $out/bin-activate
        '' ];
      };
    in
    {
      inherit (toy) nixosConfigurations;
      deploy.nodes = mapAttrs
        (host: _: {
          hostname = "${host}.test";
          sshUser = "root";
          profiles.system = { user = "root"; path = activatable host; };
        } // (settings.${host} or { }))
        hosts;
      # as colmena.lib.makeHive
      colmenaHive = rec {
        __schema = "v0.5";
        nodes = toy.nixosConfigurations;
        toplevel = mapAttrs (_: node: node.config.system.build.toplevel) nodes;
        deploymentConfig = mapAttrs
          (host: _: {
            targetHost = "${host}.test";
            targetPort = null;
            targetUser = "root";
            allowLocalDeployment = false;
            buildOnTarget = false;
            tags = [ ];
            keys = { };
            replaceUnknownProfiles = true;
            privilegeEscalationCommand = [ "sudo" "-H" "--" ];
            sshOptions = [ ];
          })
          nodes;
        deploymentConfigSelected = names: select names deploymentConfig;
        evalSelected = names: select names toplevel;
        evalSelectedDrvPaths = names: mapAttrs (_: system: system.drvPath) (evalSelected names);
        metaConfig = { name = "hive"; description = "toy"; machinesFile = null; allowApplyAll = true; };
      };
    };
}
