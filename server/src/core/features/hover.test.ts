import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { atCursor } from "../../../../test/harness/atCursor";
import { nix } from "../../../../test/harness/nix";
import { hover } from "./hover";

const tools = { sha256: (bytes: Uint8Array) => Uint8Array.from(createHash("sha256").update(bytes).digest()) };

function at(raw: string): string | undefined {
  const { analysis, path, offset } = atCursor(raw);
  return hover(analysis, path, offset, tools)?.markdown;
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
