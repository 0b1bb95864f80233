import { expect, test } from "vitest";
import { atCursor, taken } from "../../../../test/harness/atCursor";
import { nix } from "../../../../test/harness/nix";
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
