# nixpkgs in small, for hosts of the test fleet: `lib.nixosSystem` with modules, and of NixOS' options those of a binary cache over
# SSH. What real modules would write into /etc stands in the system, and switch-to-configuration puts it there.
{
  outputs = { self }:
    let
      sh = name: env: script: derivation ({
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [ "-euc" script ];
        PATH = "/usr/bin:/bin";
      } // env);

      merge = a: b:
        if builtins.isAttrs a && builtins.isAttrs b then
          a // builtins.mapAttrs (name: value: if a ? ${name} then merge a.${name} value else value) b
        else if builtins.isList a && builtins.isList b then a ++ b
        else b;

      load = args: module:
        let
          value = if builtins.isAttrs module || builtins.isFunction module then module else import module;
          body = if builtins.isFunction value then value args else value;
        in
        builtins.concatMap (load args) (body.imports or [ ]) ++ [ (removeAttrs body [ "imports" ]) ];

      lines = builtins.concatStringsSep "\n";
      words = builtins.concatStringsSep " ";

      # the files that the options come to
      filesOf = config:
        let
          settings = config.nix.settings or { };
          serve = config.nix.sshServe or { };
          known = (config.programs.ssh or { }).knownHosts or { };
        in
        {
          nixConf = lines [
            "experimental-features = nix-command flakes"
            "sandbox = false"
            "build-users-group ="
            "gc-reserved-space = 0"
            "substituters = ${words (settings.substituters or [ ])}"
            "trusted-public-keys = ${words (settings.trusted-public-keys or [ ])}"
            "secret-key-files = ${words (settings.secret-key-files or [ ])}"
            "fallback = ${if settings.fallback or false then "true" else "false"}"
            ""
          ];
          knownHosts = lines (map (name: "${name} ${known.${name}.publicKey}") (builtins.attrNames known) ++ [ "" ]);
          serving = if serve.enable or false then "yes" else "no";
          serveKeys = lines ((serve.keys or [ ]) ++ [ "" ]);
        };
    in
    {
      lib.nixosSystem = { modules, system ? "x86_64-linux", ... }:
        let
          config = merge
            {
              system.build.toplevel = sh "nixos-system-${config.networking.hostName}-24.11.20241121.1" (filesOf config) ''
                mkdir -p $out/bin $out/etc
                printf %s "$nixConf" > $out/etc/nix.conf
                printf %s "$knownHosts" > $out/etc/ssh_known_hosts
                printf %s "$serving" > $out/etc/serving
                printf %s "$serveKeys" > $out/etc/nix-ssh.keys
                printf %s 24.11.20241121.1 > $out/nixos-version
                printf %s x86_64-linux > $out/system
                sed -e "s|@out@|$out|g" ${./switch.sh} > $out/bin/switch-to-configuration
                chmod +x $out/bin/switch-to-configuration
              '';
            }
            (builtins.foldl' merge { } (builtins.concatMap (load { inherit config; lib = self.lib; }) modules));
        in
        { inherit config; };
    };
}
