import { expect, test } from "vitest";
import { outline } from "../../../test/harness/outline";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import type { CacheTest } from "../stores/cacheTest";
import { cachesTree } from "./cachesTree";

const untested = () => [];

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
  expect(outline(cachesTree({ fleet, tests: untested }))).toMatchInlineSnapshot(`
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

test("two keys of one name are told apart, for eyes and for ears", () => {
  const other = `cache.nixos.org-1:${Buffer.alloc(32, 7).toString("base64")}`;
  const keys = [publicKey, other, "own-1:x"].map(each => ({
    name: each.split(":")[0] ?? "",
    publicKey: each,
    trustedBy: ["web"],
    path: null,
    range: null,
  }));
  const [group] = cachesTree({ fleet: { ...fleetOf([]), keys }, tests: untested });
  expect(outline(group?.children ?? [])).toMatchInlineSnapshot(`
    "- cache.nixos.org-1 (6NCHdD59… · 1 host) [key] $(key)
      + web [info] $(server-environment)
    - cache.nixos.org-1 (BwcHBwcH… · 1 host) [key] $(key)
      + web [info] $(server-environment)
    - own-1 (1 host) [key] $(key)
      + web [info] $(server-environment)"
  `);
  expect(group?.children?.map(({ accessibilityLabel }) => accessibilityLabel)).toEqual([
    "key cache.nixos.org-1, beginning with 6NCHdD59…, trusted by 1 host",
    "key cache.nixos.org-1, beginning with BwcHBwcH…, trusted by 1 host",
    "key own-1, trusted by 1 host",
  ]);
});

test("nothing known is an empty view, which the welcome text explains", () => {
  expect(cachesTree({ fleet: undefined, tests: untested })).toEqual([]);
  expect(cachesTree({ fleet: fleetOf([]), tests: untested })).toEqual([]);
});

test("tests show on the cache and on each host; the order is by priority, SSH first", () => {
  const [nixos, stage] = ["https://cache.nixos.org", "ssh://nix-ssh@stage"];
  const test = (
    url: string,
    host: string | undefined,
    result: CacheTest["result"],
    priority?: number,
  ): CacheTest => ({
    url,
    host,
    at: 0,
    milliseconds: 12.4,
    info: priority === undefined ? undefined : { priority },
    path: undefined,
    result,
  });
  const tests = [
    test(nixos, undefined, { kind: "reachable" }, 40),
    test(stage, "web", { kind: "trouble", trouble: "missing-key", said: "", names: ["k"], entry: undefined }),
    test("https://late.example", undefined, { kind: "usable", by: "late-1" }, 90),
  ];
  const substituters = ["https://late.example", nixos, stage, "https://new.example"];
  const fleet = {
    ...fleetOf([hostOf({ name: "web", substituters })]),
    caches: [nixos, stage].map(url => ({ url, usedBy: ["web"], keyNames: [], path: null, range: null })),
  };
  const tree = cachesTree({ fleet, tests: url => tests.filter(each => each.url === url) });
  expect(outline(tree)).toMatchInlineSnapshot(`
    "- Caches (2) [group]
      - https://cache.nixos.org (1 host · works) [cache] $(pass)
        + web [info] $(server-environment)
        + this machine (answers, 12 ms) [info] $(pass)
      - ssh://nix-ssh@stage (1 host · 1 of 1 tests failed) [cache] $(error)
        + web (Missing key) [info] $(error)
    - What Hosts Ask First (1) [group]
      - web (first ssh://nix-ssh@stage) [info] $(server-environment)
        + 1. ssh://nix-ssh@stage (priority 0) [info] $(database)
        + 2. https://cache.nixos.org (priority 40) [info] $(database)
        + 3. https://new.example (priority known after a test) [info] $(database)
        + 4. https://late.example (priority 90) [info] $(database)"
  `);
  expect(outline(tree[1]?.children?.[0]?.children ?? [])).toMatchInlineSnapshot(`
    "+ 1. ssh://nix-ssh@stage (priority 0) [info] $(database)
    + 2. https://cache.nixos.org (priority 40) [info] $(database)
    + 3. https://new.example (priority known after a test) [info] $(database)
    + 4. https://late.example (priority 90) [info] $(database)"
  `);
});
