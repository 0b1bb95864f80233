import { expect, test } from "vitest";
import { atCursor, taken } from "../../../../test/harness/atCursor";
import { nix } from "../../../../test/harness/nix";
import { applyEdits } from "../text/textEdit";
import { type Completion, completions } from "./completion";

function at(raw: string): Completion[] {
  const { analysis, path, offset } = atCursor(raw);
  return completions(analysis, path, offset);
}

function labels(raw: string): string[] {
  return at(raw).map(({ label }) => label);
}

/** The text after taking the completion of that label. */
function take(raw: string, label: string): string {
  const { analysis, path, offset, text } = atCursor(raw);
  const completion = completions(analysis, path, offset).find(each => each.label === label);
  if (completion === undefined) throw new Error(`not offered: ${label}`);
  return taken(text, completion);
}

test("names of Nix settings in every way of writing the set", () => {
  for (const raw of [
    nix`{ nix.settings.subst$0 }`,
    nix`{ nix.settings.$0 }`,
    nix`{ nix.settings = { $0 }; }`,
    nix`{ nix = { settings = { cores = 1; subst$0
      max-jobs = 2; }; }; }`,
    nix`{ lib, ... }: { config = lib.mkIf true { nix.settings.su$0 }; }`,
  ])
    expect(labels(raw)).toContain("substituters");
});

test("a name comes with a value of its type, or alone where a value stands already", () => {
  expect(take(nix`{ nix.settings.subst$0 }`, "substituters")).toBe("{ nix.settings.substituters = [  ]; }");
  expect(take(nix`{ nix.settings.fall$0 }`, "fallback")).toBe("{ nix.settings.fallback = true; }");
  expect(take(nix`{ nix.settings.sub$0 = [ ]; }`, "extra-substituters")).toBe(
    "{ nix.settings.extra-substituters = [ ]; }",
  );
});

test("options by their set", () => {
  expect(labels(nix`{ nix.sshServe.$0 }`)).toEqual(expect.arrayContaining(["enable", "keys", "protocol"]));
  expect(labels(nix`{ programs.ssh.knownHosts.stage.$0 }`)).toContain("publicKey");
  expect(labels(nix`{ inputs.nix.$0 }`)).toEqual([]);
});

test("deploy-rs options by level", () => {
  const flake = (inner: string) => `#- flake.nix\n{ outputs = { self }: { deploy${inner} }; }`;
  expect(labels(flake(" = { $0 };"))).toEqual(expect.arrayContaining(["nodes", "sshUser"]));
  const node = labels(flake(".nodes.web = { $0 };"));
  expect(node).toEqual(expect.arrayContaining(["hostname", "profiles", "magicRollback"]));
  expect(node).not.toContain("path");
  expect(labels(flake(".nodes.web.profiles.system = { $0 };"))).toContain("path");
  expect(labels(flake(".nodes = lib.mapAttrs (name: host: { $0 }) hosts;"))).toContain("hostname");
});

test("colmena options by level", () => {
  expect(
    labels(nix`
#- hive.nix
{ meta = { $0 }; }
`),
  ).toContain("nixpkgs");
  expect(
    labels(nix`
#- hive.nix
{ web = { deployment.$0 }; }
`),
  ).toContain("targetHost");
});

test("caches and keys in their lists, with and without quotes", () => {
  const community = "https://nix-community.cachix.org";
  expect(labels(nix`{ nix.settings.substituters = [ "$0" ]; }`)).toContain(community);
  expect(labels(nix`{ nix.settings.substituters = [ "https://$0" ]; }`)).not.toContain("https://");
  expect(labels(nix`{ nix.settings.substituters = [ "https://$0`)).toContain(community);
  expect(take(nix`{ nix.settings.substituters = [ $0 ]; }`, community)).toBe(
    `{ nix.settings.substituters = [ "https://nix-community.cachix.org" ]; }`,
  );
  expect(labels(nix`{ nix.settings.trusted-public-keys = [ "$0" ]; }`)).toContain("cache.nixos.org-1");
});

test("a cache tells the key to trust", () => {
  const cache = at(nix`{ nix.settings.substituters = [ "$0" ]; }`).find(({ label }) =>
    label.includes("nix-community"),
  );
  expect(cache?.documentation).toContain("nix-community.cachix.org-1:");
});

test("the few values that an option can have", () => {
  expect(labels(nix`{ nix.settings.fallback = $0; }`)).toEqual(["true", "false"]);
  expect(labels(nix`{ nix.sshServe.protocol = $0; }`)).toEqual(['"ssh"', '"ssh-ng"']);
  expect(labels(nix`{ nix.settings.experimental-features = [ "$0" ]; }`)).toContain("flakes");
});

test("deploy-rs functions behind the system", () => {
  expect(labels(nix`{ x = deploy-rs.lib.x86_64-linux.activate.$0; }`)).toContain("nixos");
  expect(labels(nix`{ x = deploy-rs.lib.\${system}.activate.ni$0 }`)).toContain("nixos");
  expect(labels(nix`{ x = deploy-rs.lib.$0 }`)).toContain("aarch64-linux");
});

test("nix.conf text knows names and values", () => {
  expect(
    labels(nix`
#- nix.conf
subst$0`),
  ).toContain("substituters");
  expect(
    labels(nix`
#- nix.conf
fallback = $0`),
  ).toEqual(["true", "false"]);
  expect(
    labels(nix`
{ nix.extraOptions = ''
  subst$0
''; }`),
  ).toContain("substituters");
});

test("nothing where nothing of ours stands", () => {
  expect(labels(nix`{ services.nginx.$0 }`)).toEqual([]);
  expect(labels(nix`{ description = "$0"; }`)).toEqual([]);
});

test("what a set has already and what a list holds already is not offered again", () => {
  const names = labels(nix`{ nix.settings = { substituters = [ ]; $0 }; }`);
  expect(names).not.toContain("substituters");
  expect(names[0]).toBe("extra-substituters");
  expect(labels(nix`{ nix.settings.cores = 1; nix.se$0 }`)).toContain("settings");
  const caches = labels(nix`{ nix.settings.substituters = [ "https://cache.nixos.org" "$0" ]; }`);
  expect(caches).not.toContain("https://cache.nixos.org");
});

test("values out of few stand inside quotes too, names do not stand where a value belongs", () => {
  expect(labels(nix`{ nix.sshServe.protocol = "$0"; }`)).toEqual(["ssh", "ssh-ng"]);
  expect(labels("#- hive.nix\n{ web.deployment.keys.x.uploadAt = $0; }")).toEqual([
    '"pre-activation"',
    '"post-activation"',
  ]);
});

test("a list in a let is completed as the setting that uses it", () => {
  expect(labels(nix`let caches = [ "$0" ]; in { nix.settings.substituters = caches ++ [ ]; }`)).toContain(
    "https://nix-community.cachix.org",
  );
  expect(labels(nix`let caches = [ "$0" ]; in { services.x = caches; }`)).toEqual([]);
});

/** The text after taking the cache of the community, with whatever is added elsewhere. */
function takeCache(raw: string): string {
  const { analysis, path, offset, text } = atCursor(raw);
  const taken = completions(analysis, path, offset).find(({ label }) => label.includes("nix-community"));
  if (taken === undefined) throw new Error("not offered");
  return applyEdits(text, [taken, ...(taken.further ?? [])]);
}

const KEY = "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=";
const CACHE = "https://nix-community.cachix.org";

test("a cache brings its key along", () => {
  expect(takeCache('{\n  nix.settings = {\n    substituters = [ "$0" ];\n  };\n}')).toBe(
    `{\n  nix.settings = {\n    substituters = [ "${CACHE}" ];\n    trusted-public-keys = [ "${KEY}" ];\n  };\n}`,
  );
  expect(
    takeCache(nix`{
  nix.settings.trusted-public-keys = [ "a-1:x" ];
  nix.settings.substituters = [ $0 ];
}`),
  ).toBe(
    `{\n  nix.settings.trusted-public-keys = [ "a-1:x" "${KEY}" ];\n  nix.settings.substituters = [ "${CACHE}" ];\n}`,
  );
  expect(
    takeCache('#- flake.nix\n{\n  nixConfig.extra-substituters = [ "$0" ];\n  outputs = _: { };\n}'),
  ).toBe(
    `{\n  nixConfig.extra-substituters = [ "${CACHE}" ];\n  nixConfig.extra-trusted-public-keys = [ "${KEY}" ];\n  outputs = _: { };\n}`,
  );
});

test("a key that is trusted already, or in a file that is half typed, is not brought along", () => {
  expect(
    takeCache(`{ nix.settings = { trusted-public-keys = [ "${KEY}" ]; substituters = [ $0 ]; }; }`),
  ).toBe(`{ nix.settings = { trusted-public-keys = [ "${KEY}" ]; substituters = [ "${CACHE}" ]; }; }`);
  expect(takeCache('{ nix.settings.substituters = [ "$0" ]; x = ; }')).toBe(
    `{ nix.settings.substituters = [ "${CACHE}" ]; x = ; }`,
  );
});

const FLAKE = (body: string) => `#- flake.nix
{ outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
    deploy.nodes.db = { hostname = "db.example.org"; sshUser = "ship"; profiles.system.path = self.db; profiles.home.path = self.h; };
    ${body}
}; }`;

test("configurations that nobody deploys become nodes, with all that a node needs", () => {
  const node = take(FLAKE("deploy.nodes.$0"), "web");
  expect(node).toContain("path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.web;");
  expect(labels(FLAKE("deploy.nodes.$0"))).not.toContain("db");
  expect(take(FLAKE("deploy.nodes.web.profiles.$0"), "system")).toContain("self.nixosConfigurations.web;");
  expect(labels(FLAKE("deploy.nodes.web.profiles.system.path = $0"))).toEqual([
    "deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.web",
  ]);
});

test("addresses, logins and profiles are those of the fleet", () => {
  expect(labels(FLAKE('deploy.nodes.web.hostname = "$0";'))).toContain("db.example.org");
  expect(labels(FLAKE('deploy.nodes.web.sshUser = "$0";'))).toEqual(["ship", "root"]);
  expect(labels(FLAKE('x.nix.settings.trusted-users = [ "$0" ];'))).toEqual(["root", "@wheel", "ship"]);
  expect(labels(FLAKE('deploy.nodes.db.profilesOrder = [ "$0" ];'))).toEqual(["system", "home"]);
});

test("a flake has nixConfig, a hive has meta and defaults", () => {
  expect(labels("#- flake.nix\n{ nix$0 }")).toEqual(["nixConfig"]);
  expect(labels("#- hive.nix\n{ $0 }")).toEqual(["meta", "defaults"]);
});

test("comments that silence rules know the codes, those of the place first", () => {
  expect(labels("{\n  # nix-deploy: $0\n}")).toEqual(["ignore"]);
  expect(
    labels('{\n  # nix-deploy: ignore $0\n  nix.settings.substituters = [ "htps://a.example.org" ];\n}')[0],
  ).toBe("substituter-unknown-scheme");
});

test("text that is neither Nix nor nix.conf has no completions", () => {
  expect(labels("#- .github/workflows/a.yml\nsubst$0")).toEqual([]);
});

test("a value right behind the sign of nix.conf gets the blank that it needs", () => {
  expect(take("#- nix.conf\nfallback =$0", "true")).toBe("fallback = true");
});
