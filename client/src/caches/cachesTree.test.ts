import { expect, test } from "vitest";
import { outline } from "../../../test/harness/outline";
import { fleetOf } from "../../../test/harness/snapshots";
import { cachesTree } from "./cachesTree";

const publicKey = "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

test("caches show who asks them and who signs, keys show who trusts them", () => {
  const fleet = {
    ...fleetOf([]),
    caches: [
      {
        url: "https://cache.nixos.org",
        usedBy: ["web", "mail"],
        keyNames: ["cache.nixos.org-1"],
        path: null,
        range: null,
      },
      { url: "ssh://nix-ssh@stage", usedBy: [], keyNames: [], path: "/w/a.nix", range: null },
    ],
    keys: [{ name: "cache.nixos.org-1", publicKey, trustedBy: ["web"], path: null, range: null }],
  };
  expect(outline(cachesTree(fleet))).toMatchInlineSnapshot(`
    "- Caches (2) [group]
      - https://cache.nixos.org (2 hosts) [cache] $(database)
        + cache.nixos.org-1 (signs) [info] $(key)
        + web [info] $(server-environment)
        + mail [info] $(server-environment)
      + ssh://nix-ssh@stage (0 hosts) [cache] $(database)
    - Keys (1) [group]
      - cache.nixos.org-1 (1 host) [key] $(key)
        + web [info] $(server-environment)"
  `);
});

test("nothing known is an empty view, which the welcome text explains", () => {
  expect(cachesTree(undefined)).toEqual([]);
  expect(cachesTree(fleetOf([]))).toEqual([]);
});
