// The keys that caches of the fleet are known to sign with: public ones, those of Cachix, and the fleet's own hosts.

import { expect, test } from "vitest";
import { EMPTY_FLEET, type Fleet, type Host } from "../fleet/fleet";
import { keyNamesOfCache } from "./cacheFacts";

const PAYLOAD = "6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";
const at = { path: "/w/flake.nix", start: 0, end: 1 };

const stage: Host = {
  name: "stage",
  tools: ["deploy-rs"],
  hostname: { known: true, value: "stage.example.org", span: at, tier: "read" },
  sshUser: undefined,
  system: undefined,
  tags: [],
  profiles: [],
  options: [],
  settings: [],
  effective: new Map([
    [
      "nix.settings.trusted-public-keys",
      {
        kind: "list",
        span: at,
        complete: true,
        items: [{ kind: "text", span: at, text: `stage.example.org-1:${PAYLOAD}`, pieces: [] }],
      },
    ],
  ]),
  files: [],
  definitions: [],
  configuration: undefined,
  why: [],
};

const fleet: Fleet = { ...EMPTY_FLEET, hosts: [stage] };

test.each([
  ["https://cache.nixos.org", ["cache.nixos.org-1"]],
  ["https://nix-community.cachix.org", ["nix-community.cachix.org-1"]],
  ["https://somebody-unheard-of.cachix.org", ["somebody-unheard-of.cachix.org-1"]],
  ["ssh-ng://nix-ssh@stage.example.org", ["stage.example.org-1"]],
  ["https://cache.nobody.example", []],
])("%s signs with %j", (url, names) => {
  expect(keyNamesOfCache(fleet, url)).toEqual(names);
});
