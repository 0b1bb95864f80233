// Writes a workspace of a given size as people have it: a flake that computes its nodes, hosts in folders of their
// own, shared modules, and a file of 500 lines that is edited. A file has 2.4 KB in the mean, as in public repositories.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const KEY = "cache.example.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

/** @returns {{ root: string, edited: string, shared: string }} */
export function makeWorkspace({ files, hosts }) {
  const root = mkdtempSync(path.join(os.tmpdir(), "nix-deploy-bench-"));
  const write = (name, text) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  const names = Array.from({ length: hosts }, (_, i) => `host${String(i).padStart(3, "0")}`);
  write("flake.nix", flake());
  write(
    "lib/hosts.nix",
    `{\n${names.map((name, i) => `  ${name} = { address = "10.0.0.${i}"; };\n`).join("")}}\n`,
  );
  write("modules/common.nix", common());
  const perHost = Math.ceil((files - 3) / hosts);
  for (const [index, name] of names.entries()) {
    const parts = Array.from({ length: perHost - 1 }, (_, i) => `part${i}`);
    write(`hosts/${name}/default.nix`, host(name, index, parts));
    for (const [i, part] of parts.entries())
      write(`hosts/${name}/${part}.nix`, name === "host000" && i === 0 ? lines(500) : service(part, i));
  }
  return { root, edited: "hosts/host000/part0.nix", shared: "modules/common.nix" };
}

function flake() {
  return `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs, ... }:
    let
      lib = nixpkgs.lib;
      hosts = import ./lib/hosts.nix;
      mkHost = name: _: lib.nixosSystem {
        system = "x86_64-linux";
        modules = [ ./modules/common.nix (./hosts + "/\${name}") { networking.hostName = name; } ];
      };
    in
    {
      nixosConfigurations = lib.mapAttrs mkHost hosts;
      deploy.nodes = lib.mapAttrs (name: host: {
        hostname = host.address;
        sshUser = "root";
        profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.\${name};
      }) hosts;
    };
}
`;
}

function common() {
  return `{ config, lib, pkgs, ... }:
{
  nix.settings = {
    substituters = [ "https://cache.example.org" ];
    trusted-public-keys = [ "${KEY}" ];
    experimental-features = [ "nix-command" "flakes" ];
  };
  services.openssh.enable = true;
  environment.systemPackages = with pkgs; [ git htop ];
}
`;
}

function host(name, index, parts) {
  return `{ config, lib, pkgs, ... }:
{
  imports = [
${parts.map(part => `    ./${part}.nix\n`).join("")}  ];
  networking.hostName = lib.mkForce "${name}";
  nix.settings.substituters = lib.mkIf (config.networking.hostName != "host000") [ "ssh://nix-ssh@10.0.0.0" ];
  nix.sshServe.enable = ${index === 0};
  system.stateVersion = "25.05";
}
`;
}

function service(part, index) {
  return `{ config, lib, pkgs, ... }:
let
  cfg = config.services.${part};
in
{
  systemd.services."${part}" = {
    wantedBy = [ "multi-user.target" ];
    environment.PORT = toString ${8000 + index};
    serviceConfig = {
      ExecStart = "\${pkgs.hello}/bin/hello --config \${./config.json}";
      Restart = "always";
      DynamicUser = true;
    };
  };
  networking.firewall.allowedTCPPorts = [ ${8000 + index} ];
  users.users.${part} = { isSystemUser = true; group = "${part}"; };
  users.groups.${part} = { };
${Array.from({ length: SITES }, (_, site) => virtualHost(site, index)).join("")}}
`;
}

/** So many sites make a file as long as people's files are. */
const SITES = 8;

function virtualHost(site, index) {
  return `  services.nginx.virtualHosts."site${site}.example.org" = {
    forceSSL = true;
    enableACME = true;
    locations."/" = {
      proxyPass = "http://127.0.0.1:\${toString ${8000 + site + index}}";
      extraConfig = ''
        proxy_set_header Host $host;
      '';
    };
  };
`;
}

/** A file of about so many lines, with a cache on line 3 that the benchmark mistypes and repairs. */
function lines(count) {
  const filler = Array.from(
    { length: Math.floor((count - 10) / 5) },
    (_, i) => `  systemd.services.job${i} = {
    description = "job number ${i} — été";
    serviceConfig.ExecStart = "\${pkgs.hello}/bin/hello \${toString ${i}}";
    startAt = "daily";
  };
`,
  );
  return `{ config, lib, pkgs, ... }:
{
  nix.settings.extra-substituters = [
    "https://part.example.org"
  ];
${filler.join("")}}
`;
}
