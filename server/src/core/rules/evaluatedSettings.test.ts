// What real Nix evaluated, where reading cannot tell: judged like what was read, and called by its tier.

import { test } from "vitest";
import { checkClean, checkDiagnostics } from "../../../../test/harness/check";
import { nix } from "../../../../test/harness/nix";

test("a cache that only real Nix knows of, and no key for it", () => {
  checkDiagnostics(
    "cache-without-key",
    nix`
#- flake.nix
{ outputs = { nixpkgs, secrets, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { nix.settings.substituters = secrets.caches; } ]; }; }; }
                                                                                                                                       ^^^^^^^^^^^^^^ warning cache-without-key (review): host "web" asks nix-community.cachix.org, but trusts no key of it (as real Nix evaluated it): …
#- observed.json
[{ "host": "web", "tier": "evaluated", "settings": {
  "substituters": [ "https://nix-community.cachix.org", "https://cache.nixos.org/" ],
  "trusted-public-keys": [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ]
} }]
`,
  );
});

test("a bad key that reading cannot see stands where the list is written", () => {
  checkDiagnostics(
    "key-malformed",
    nix`
#- flake.nix
{ outputs = { nixpkgs, secrets, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; specialArgs = { inherit secrets; }; }; }; }
#- web.nix
{ secrets, ... }: { nix.settings.trusted-public-keys = secrets.keys; }
                                                       ^^^^^^^^^^^^ error key-malformed: "garbage" is not NAME:BASE64: the colon is missing: one bad key breaks every signature check, so the host substitutes nothing from any cache (on host "web", as real Nix evaluated it)
#- observed.json
[{ "host": "web", "tier": "evaluated", "settings": { "trusted-public-keys": [ "garbage" ] } }]
`,
  );
});

test("a switch that reading cannot see", () => {
  checkDiagnostics(
    "signature-check-disabled",
    nix`
#- flake.nix
{ outputs = { nixpkgs, secrets, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { nix.settings.require-sigs = secrets.sigs; } ]; }; }; }
                                                                                                                                       ^^^^^^^^^^^^ warning signature-check-disabled: require-sigs = false: …
#- observed.json
[{ "host": "web", "tier": "evaluated", "settings": { "require-sigs": "false" } }]
`,
  );
});

test("what real Nix says of a list that was read completely is not judged again", () => {
  checkClean(
    "key-malformed",
    nix`
#- configuration.nix
{ networking.hostName = "web"; nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }
#- observed.json
[{ "host": "web", "tier": "evaluated", "settings": { "trusted-public-keys": [ "garbage" ] } }]
`,
  );
});

test("what a host runs today is no word about its configuration", () => {
  checkClean(
    "key-malformed",
    nix`
#- flake.nix
{ outputs = { nixpkgs, secrets, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { nix.settings.trusted-public-keys = secrets.keys; } ]; }; }; }
#- observed.json
[{ "host": "web", "tier": "observed", "settings": { "trusted-public-keys": [ "garbage" ] } }]
`,
  );
});

test("a key that real Nix knows to be trusted settles what reading could not", () => {
  checkClean(
    "cache-without-key",
    nix`
#- flake.nix
{ outputs = { nixpkgs, secrets, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; specialArgs = { inherit secrets; }; }; }; }
#- web.nix
{ secrets, ... }: { nix.settings = { substituters = [ "https://nix-community.cachix.org" ]; trusted-public-keys = secrets.keys; }; }
#- observed.json
[{ "host": "web", "tier": "evaluated", "settings": { "trusted-public-keys": [
  "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
  "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs="
] } }]
`,
  );
});
