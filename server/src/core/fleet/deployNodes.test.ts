import { expect, test } from "vitest";
import { DEPLOY_FILES, DEPLOY_FLAKE, type Files, fleetOf, line } from "../../../../test/harness/fleetOf";

test("computed deploy nodes are found with address, user, system and configuration", () => {
  const fleet = fleetOf(DEPLOY_FILES);
  expect(fleet.hosts.map(line)).toEqual([
    "web deploy-rs+nixos-rebuild web.example.org admin x86_64-linux system=nixos:web",
    "db deploy-rs+nixos-rebuild db.example.org admin x86_64-linux system=nixos:db",
  ]);
  expect(fleet.entryPoints).toEqual([{ path: "/w/flake.nix", kind: "flake", complete: true, why: [] }]);
});

test("hosts that their tool builds on themselves are known", () => {
  const flake = DEPLOY_FLAKE.replace("deploy.nodes =", "deploy.remoteBuild = true; deploy.nodes =").replace(
    "profiles.system = {",
    'profiles.system = { remoteBuild = if name == "web" then null else false;',
  );
  const built = (files: Files) => fleetOf(files).hosts.map(({ name, buildsOnHost }) => [name, buildsOnHost]);
  expect(built({ ...DEPLOY_FILES, "flake.nix": flake })).toEqual([
    ["web", ["deploy-rs"]],
    ["db", []],
  ]);
  const hive = "{ meta.nixpkgs = <nixpkgs>; web = { deployment.buildOnTarget = true; }; db = { }; }";
  expect(built({ "hive.nix": hive })).toEqual([
    ["web", ["colmena"]],
    ["db", []],
  ]);
});

test("of switches of deploy-rs, the innermost level that sets them counts; what is not known counts as the default", () => {
  const read = (name: "interactiveSudo" | "magicRollback", outer: string, inner: string) => {
    const flake = DEPLOY_FLAKE.replace("deploy.nodes =", `deploy.${name} = ${outer}; deploy.nodes =`).replace(
      "profiles.system = {",
      `profiles.system = { ${name} = ${inner};`,
    );
    const [host] = fleetOf({ ...DEPLOY_FILES, "flake.nix": flake }).hosts;
    return host?.profiles[0]?.[name];
  };
  const asks = (outer: string, inner: string) => read("interactiveSudo", outer, inner) ?? false;
  expect([asks("true", "null"), asks("true", "false"), asks("false", "true")]).toEqual([true, false, true]);
  expect(asks("false", "nixpkgs.config.ask")).toBe(false);
  const guards = (outer: string, inner: string) => read("magicRollback", outer, inner) ?? true;
  expect([guards("false", "null"), guards("false", "true"), guards("true", "false")]).toEqual([
    false,
    true,
    false,
  ]);
  expect(guards("false", "nixpkgs.config.ask")).toBe(true);
});

test("arguments for ssh add up from the profile outwards; one that is not known makes all of them unknown", () => {
  const flake = DEPLOY_FLAKE.replace("deploy.nodes =", 'deploy.sshOpts = [ "-4" ]; deploy.nodes =').replace(
    "profiles.system = {",
    'sshOpts = [ "-p" "2222" ]; profiles.system = { sshOpts = EXTRA;',
  );
  const optsOf = (extra: string) => {
    const files = { ...DEPLOY_FILES, "flake.nix": flake.replace("EXTRA", extra) };
    return fleetOf(files).hosts.map(({ sshOpts }) =>
      sshOpts?.known === true ? sshOpts.value : sshOpts?.known,
    );
  };
  const merged = ["-i", "key", "-p", "2222", "-4"];
  expect(optsOf('[ "-i" "key" ]')).toEqual([merged, merged]);
  expect(optsOf("[ deploy.anything ]")).toEqual([false, false]);
  expect(fleetOf(DEPLOY_FILES).hosts.map(host => host.sshOpts)).toEqual([undefined, undefined]);
});

test("tools that reach one address by one port know the same machine, by two ports two", () => {
  const hosts = (port: string) =>
    fleetOf({
      "flake.nix": `{
  inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; deploy-rs.url = "github:serokell/deploy-rs"; };
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.a = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.sshOpts = [ "-p" "2201" ];
    deploy.nodes.a = {
      hostname = "Lab.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.a;
    };
  };
}`,
      "hive.nix": `{ b = { deployment = { targetHost = "lab.example.org"; targetPort = ${port}; }; }; }`,
    }).hosts.map(host => `${host.name} ${host.tools.join("+")}`);
  expect(hosts("2201")).toEqual(["a deploy-rs+colmena+nixos-rebuild"]);
  expect(hosts("2202")).toEqual(["a deploy-rs+nixos-rebuild", "b colmena"]);
});

test("two nodes that run one configuration are two machines", () => {
  const { hosts } = fleetOf({
    "flake.nix": `{
  inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; deploy-rs.url = "github:serokell/deploy-rs"; };
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.worker = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
    deploy.nodes = nixpkgs.lib.genAttrs [ "worker-1" "worker-2" ] (name: {
      hostname = "\${name}.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.worker;
    });
  };
}`,
  });
  expect(hosts.map(line)).toEqual([
    "worker-1 deploy-rs+nixos-rebuild worker-1.example.org - x86_64-linux system=nixos:worker",
    "worker-2 deploy-rs worker-2.example.org - x86_64-linux system=nixos:worker",
  ]);
  expect(hosts.map(host => host.effective.size > 0)).toEqual([true, true]);
});
