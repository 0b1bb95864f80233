import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { atCursor } from "../../../../test/harness/atCursor";
import { nix } from "../../../../test/harness/nix";
import { type HoverTools, hover } from "./hover";

const tools = { sha256: (bytes: Uint8Array) => Uint8Array.from(createHash("sha256").update(bytes).digest()) };

function at(raw: string, more: Partial<HoverTools> = {}): string | undefined {
  const { analysis, path, offset } = atCursor(raw);
  return hover(analysis, path, offset, { ...tools, ...more })?.markdown;
}

test("a setting tells what it does, its default and who may set it", () => {
  const text = at(nix`{ nix.settings.conn$0ect-timeout = 5; }`);
  expect(text).toContain("**connect-timeout** — Nix setting, int");
  expect(text).toContain("Default:");
  expect(text).toContain("conf-connect-timeout");
});

test("settings in nix.conf and in nix.extraOptions are known too", () => {
  expect(at("#- nix.conf\nfall$0back = true")).toContain("**fallback**");
  expect(at("{ nix.extraOptions = ''\n  fall$0back = true\n''; }")).toContain("**fallback**");
});

test("a key tells its cache, a cache its keys", () => {
  expect(
    at(
      nix`{ nix.settings.trusted-public-keys = [ "cache.nixos.org-1:6NCHdD59X431o0g$0WypbMrAURkbJ16ZPMQFGspcDShjY=" ]; }`,
    ),
  ).toContain("Signs what `https://cache.nixos.org` serves.");
  expect(at(nix`{ nix.settings.substituters = [ "https://nix-comm$0unity.cachix.org" ]; }`)).toContain(
    "nix-community.cachix.org-1:",
  );
});

test("options of deploy-rs, colmena and NixOS are described", () => {
  expect(at("#- flake.nix\n{ outputs = _: { deploy.nodes.web.magic$0Rollback = false; }; }")).toContain(
    "deploy-rs node, boolean",
  );
  expect(at("#- hive.nix\n{ web.deployment.target$0Host = null; }")).toContain("Colmena");
  expect(at(nix`{ nix.sshServe.wri$0te = true; }`)).toContain("NixOS option nix.sshServe");
});

test("an SSH key shows its type and fingerprint", () => {
  const text = at(
    `{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NT$0E5AAAAIMa3GuRWIUtUPbBRIrQdGQyvlnMm9Vk9FUBuvP7oPov6 ship@a" ]; }`,
  );
  expect(text).toBe(
    "**SSH key** ssh-ed25519, 256 bits — ship@a\n\n`SHA256:W2DopfWVYochRFIiSo89vZfJ0gRxsZHo8LVMlZ6RlmI`",
  );
});

test("nothing on what is not ours", () => {
  expect(at(nix`{ services.ngi$0nx.enable = true; }`)).toBeUndefined();
});

test("a setting tells what real Nix and the host say, and where that differs from what was read", () => {
  const text = at(nix`
#- flake.nix
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { nix.settings.trusted-us$0ers = [ "root" "a" ]; } ]; }; }; }
#- observed.json
[
  { "host": "web", "tier": "evaluated", "settings": { "trusted-users": ["root", "a"] } },
  { "host": "web", "tier": "observed", "settings": { "trusted-users": ["root", "b"] } }
]
`);
  expect(text).toContain("Real Nix, when `web` was evaluated: the same");
  expect(text).toContain("`web` itself, when asked: **differs**: also `b`; not `a`");
});

/** A flake with one host, and its module. */
const host = (module: string, flake = "nixosConfigurations.web") => `
#- flake.nix
{ outputs = { self, nixpkgs, deploy-rs }: {
    ${flake} = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./web.nix ]; };
    deploy.nodes.web = {
      hostname = "web.example.org";
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
    };
}; }
#- web.nix
${module}
`;

test("a key tells its fingerprint", () => {
  expect(
    at(
      '{ nix.settings.trusted-public-keys = [ "$0cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ]; }',
    ),
  ).toContain("Ed25519, `SHA256:nUXNddr9SnngaxDXRLk/8PscTRi23cU7cssTS2se1vc`");
});

test("a setting tells since which Nix there is such a thing", () => {
  expect(at(nix`{ nix.settings.fall$0back = true; }`)).toContain("Since Nix 2.3 or earlier.");
  expect(at(nix`{ nix.settings.always-allow-sub$0stitutes = true; }`)).toMatch(/Since Nix 2\.\d+\./);
});

test("the effective value counts what nix.extraOptions writes behind the settings", () => {
  const text = at(host('{ nix.settings.fall$0back = true; nix.extraOptions = "fallback = false"; }'));
  expect(text).toContain("On `web`: `false` by `nix.extraOptions`");
  const list = at(
    host(
      '{ nix.settings.sub$0stituters = [ "https://a" ]; nix.settings.extra-substituters = [ "https://b" ]; }',
    ),
  );
  expect(list).toContain("On `web`: `https://a`, `https://cache.nixos.org/`, `https://b`");
});

test("a cache that is asked by an extra- setting or by nix.extraOptions is asked", () => {
  const asked = "Asked by 1 host: `web`.";
  expect(at(host('{ nix.settings.extra-substituters = [ "https://b.exa$0mple.org" ]; }'))).toContain(asked);
  expect(at(host('{ nix.extraOptions = "extra-substituters = https://b.exa$0mple.org"; }'))).toContain(asked);
});

test("what real Nix says is compared with settings and extraOptions together", () => {
  const told = `
#- observed.json
[ { "host": "web", "tier": "evaluated", "settings": { "fallback": "false", "trusted-users": ["root", "a", "b"] } } ]`;
  const module = (body: string) => host(`{ ${body} }`) + told;
  expect(at(module('nix.settings.fall$0back = true; nix.extraOptions = "fallback = false";'))).toContain(
    "Real Nix, when `web` was evaluated: the same",
  );
  expect(
    at(module('nix.settings.trusted-us$0ers = [ "a" ]; nix.settings.extra-trusted-users = [ "b" ];')),
  ).toContain("Real Nix, when `web` was evaluated: the same");
});

test("an option tells what it comes to on each host", () => {
  expect(at(host("{ nix.sshServe.en$0able = true; }"))).toContain("On `web`: `true`");
});

test("profiles, selections, addresses and functions of deploy-rs are explained", () => {
  const text = host("{ }").trimStart();
  const before = (what: string) => at(text.replace(what, `$0${what}`));
  expect(before("system.path")).toContain("**Profile** `system` of the host `web`");
  expect(before("system.path")).toContain("Activated by: `activate.nixos`");
  expect(before("web;\n    }")).toContain("**Host** `web`");
  expect(before('"web.example.org"')).toContain("**Host** `web`");
  expect(before("nixos self")).toContain("switch-to-configuration switch");
});

test("a host tells its state as it was last observed", () => {
  const stateOf = () => ({ text: "3 behind", detail: "It runs an older commit." });
  expect(at(host("{ }", "nixosConfigurations.w$0eb"), { stateOf })).toContain(
    "State: **3 behind**  \nIt runs an older commit.",
  );
});

test("codes in comments that silence rules are explained, features lead to the manual", () => {
  expect(at("{\n  # nix-deploy: ignore cache-ord$0er\n}")).toMatch(/^\*\*cache-order\*\* — information/);
  expect(at("{\n  # nix-deploy: ignore no-such-ru$0le\n}")).toBe("There is no rule `no-such-rule`.");
  expect(at('{ nix.settings.experimental-features = [ "fla$0kes" ]; }')).toContain("#xp-feature-flakes");
});

test("names are shown as code whatever is in them", () => {
  expect(at('{ nix.settings.substituters = [ "https://a`b**$0c**" ]; }')).toContain("`` https://a`b**c** ``");
});
