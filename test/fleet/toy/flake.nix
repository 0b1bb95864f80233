# NixOS in small: no inputs, no nixpkgs, built with the machine's /bin/sh (hence sandbox = false) in a tenth of a second.
# A system has what deploy tools look at: kernel, initrd, etc, sw, nixos-version, bin/switch-to-configuration.
{
  description = "Toy NixOS fleet: systems that can be built, copied, activated and rolled back without nixpkgs";

  outputs = { self }:
    let
      system = "x86_64-linux";

      # one derivation is one shell script
      sh = name: env: script: derivation ({
        inherit name system;
        builder = "/bin/sh";
        args = [ "-euc" script ];
        PATH = "/usr/bin:/bin";
      } // env);

      mkHost = host: cfg: rec {
        networking = { hostName = host; domain = cfg.domain or "test"; };
        system.nixos = rec {
          release = "24.11";
          version = "${release}.20241121.${toString cfg.serial}";
          label = version;
        };
        system.stateVersion = "24.11";
        system.build = rec {
          kernel = sh "linux-6.6.60" { } ''
            echo "building kernel" >&2
            mkdir -p $out; echo "toy kernel" > $out/bzImage
          '';
          initrd = sh "initrd-linux-6.6.60" { } ''
            mkdir -p $out; echo "toy initrd" > $out/initrd
          '';
          # something to copy, something to wait for
          payload = sh "payload-${host}"
            {
              mb = toString (cfg.payloadMb or 1);
              seconds = toString (cfg.buildSeconds or 0);
              serial = toString cfg.serial;
            } ''
            i=0
            while [ $i -lt $seconds ]; do i=$((i+1)); echo "payload: step $i of $seconds" >&2; sleep 1; done
            mkdir -p $out
            yes "payload $serial ${host}" | head -c $((mb * 1048576)) > $out/data
            ${cfg.buildScript or "true"}
          '';
          etc = sh "etc" { inherit (networking) hostName; } ''
            mkdir -p $out/etc; echo "$hostName" > $out/etc/hostname
            printf 'ID=nixos\nNAME=NixOS\nVERSION_ID="%s"\n' ${system.nixos.release} > $out/etc/os-release
          '';
          sw = sh "system-path" { inherit (system.nixos) version; } ''
            mkdir -p $out/bin
            printf '#!/bin/sh\necho "%s (Toy)"\n' "$version" > $out/bin/nixos-version
            chmod +x $out/bin/nixos-version
          '';
          toplevel = sh "nixos-system-${host}-${system.nixos.version}"
            {
              inherit kernel initrd etc sw payload host;
              inherit (system.nixos) version;
              serial = toString cfg.serial;
              exitCode = toString (cfg.exitCode or 0);
              activationSeconds = toString (cfg.activationSeconds or 0);
            } ''
            mkdir -p $out/bin
            ln -s $kernel/bzImage $out/kernel
            ln -s $initrd/initrd $out/initrd
            ln -s $etc/etc $out/etc
            ln -s $sw $out/sw
            ln -s $payload $out/payload
            printf '%s' "$version" > $out/nixos-version
            printf '%s' "x86_64-linux" > $out/system
            printf 'loglevel=4' > $out/kernel-params
            sed -e "s|@out@|$out|g" -e "s|@exit@|$exitCode|g" -e "s|@seconds@|$activationSeconds|g" \
              ${./switch.sh} > $out/bin/switch-to-configuration
            chmod +x $out/bin/switch-to-configuration
          '';
        };
      };

      toplevel = host: self.nixosConfigurations.${host}.config.system.build.toplevel;
    in
    {
      nixosConfigurations = builtins.mapAttrs (host: cfg: { config = mkHost host cfg; }) (import ./hosts.nix);

      deploy.nodes.stage = {
        hostname = "stage.test";
        sshUser = "root";
        profiles.system = { user = "root"; path = toplevel "stage"; };
      };
      deploy.nodes.prod = {
        hostname = "prod.test";
        sshUser = "root";
        profiles.system = { user = "root"; path = toplevel "prod"; };
      };
      deploy.nodes.web = {
        hostname = "web.test";
        sshUser = "root";
        profiles.system = { user = "root"; path = toplevel "web"; };
      };
    };
}
