import { expect, test } from "vitest";
import { factsOf, generationOf, NOW, observed, systemPath } from "../../../test/harness/observations";
import { outline } from "../../../test/harness/outline";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import type { TreeNodeData } from "../treeNode";
import { FIRST_ARRANGEMENT } from "./arrangement";
import { type HostsViewState, hostsTree } from "./hostsTree";

const nobody = {
  observed: () => undefined,
  running: () => undefined,
  drift: () => undefined,
  filter: "",
  arrangement: FIRST_ARRANGEMENT,
};
const rows = (state: Partial<HostsViewState>) => hostsTree({ ...nobody, fleet: undefined, ...state });
/** The rows without what is under hosts. */
const flat = (nodes: readonly TreeNodeData[]): readonly TreeNodeData[] =>
  nodes.map(({ id, label, description, icon, contextValue, children }) => ({
    id,
    label,
    ...(description === undefined ? {} : { description }),
    ...(icon === undefined ? {} : { icon }),
    ...(contextValue === undefined ? {} : { contextValue }),
    ...(contextValue === "host" || children === undefined ? {} : { children: flat(children) }),
  }));
const show = (state: Partial<HostsViewState>) => outline(flat(rows(state)));

test("hosts stand under their first tool, in the order people count", () => {
  const fleet = fleetOf([
    hostOf({ name: "web10", hostname: "10.0.0.10", sshUser: "root" }),
    hostOf({ name: "web2", hostname: "10.0.0.2", tools: ["deploy-rs", "nixos-rebuild"] }),
    hostOf({ name: "mail", tools: ["colmena"], unknown: ["hostname"] }),
  ]);
  expect(show({ fleet })).toMatchInlineSnapshot(`
    "- colmena (1) [group]
      + mail (address not known by reading) [host] $(server-environment)
    - deploy-rs (2) [group]
      + web2 (not asked yet · 10.0.0.2) [host] $(server-environment)
      + web10 (not asked yet · root@10.0.0.10) [host] $(server-environment)"
  `);
});

test("under a host that was not asked stands what its configuration says", () => {
  const host = hostOf({
    name: "stage",
    system: "x86_64-linux",
    tags: ["eu", "cache"],
    profiles: [{ name: "system", user: "root", sshUser: null }],
    substituters: ["https://cache.nixos.org"],
    trustedPublicKeys: ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="],
    sshServe: { enable: true, protocol: "ssh", write: false, keys: [] },
  });
  expect(outline(rows({ fleet: fleetOf([host]) }))).toMatchInlineSnapshot(`
    "- stage (not asked yet) [host] $(server-environment)
      - Configuration (read) [info] $(file-code)
        + Attribute (stage) [info] $(symbol-namespace)
        + System (x86_64-linux) [info] $(circuit-board)
        + Profiles (system) [info] $(layers)
        + Tags (eu, cache) [info] $(tag)
        - Caches (1) [info] $(database)
          + https://cache.nixos.org [info] $(database)
        - Trusted keys (1) [info] $(key)
          + cache.nixos.org-1 [info] $(key)
        + Serves its store (ssh) [info] $(radio-tower)"
  `);
});

test("under a host that answered stands what it runs, what it could go back to and what is wrong", () => {
  const host = hostOf({
    name: "web",
    substituters: ["https://cache.example.org", "ssh://stage"],
    configuration: null,
  });
  const facts = factsOf({
    generations: [generationOf(7, { kernel: "6.6.60" }), generationOf(6, { specialisations: ["gpu"] })],
    generationCount: 240,
    currentSystem: systemPath(6),
    bootedSystem: systemPath(5),
    profileSystem: systemPath(7),
    profileGeneration: 7,
    configurationRevision: "0123456789abcdef",
    failedUnits: ["nginx.service", "backup.timer"],
    rebootNeeded: true,
    storeSpace: { total: 50 * 2 ** 30, free: 2 ** 30 },
    memory: { total: 2 ** 30, available: 2 ** 26, swapTotal: 2 ** 30, swapFree: 2 ** 28 },
    clock: NOW / 1000 + 3 * 365 * 86_400,
  });
  const caches = [
    { url: "https://cache.example.org", reached: true, milliseconds: 31, why: undefined },
    { url: "ssh://stage", reached: false, milliseconds: undefined, why: "Permission denied" },
  ];
  const [row] = rows({ fleet: fleetOf([host]), observed: () => observed(facts, { caches }) });
  const text = outline(row?.children ?? []).replace(/\(\d{4}-\d\d-\d\d \d\d:\d\d · /, "(TIME · ");
  expect(text).toMatchInlineSnapshot(`
    "- Runs (generation 6 · 24.11 · 1189 d) [info] $(play-circle)
      + System (/nix/store/00000000000000000000000000000006-nixos-system-host-24.11.6) [info] $(package)
      + Revision (0123456789abcdef) [info] $(git-commit)
      + Booted with another (/nix/store/00000000000000000000000000000005-nixos-system-host-24.11.5) [info] $(vm-running)
      + The next boot gets another (/nix/store/00000000000000000000000000000007-nixos-system-host-24.11.7) [info] $(debug-restart)
      + Reboot needed (kernel, initrd or modules differ from what was booted) [info] $(warning)
    - Generations (240) [info] $(history)
      + Generation 7 (next boot · 24.11.7 · Linux 6.6.60 · 1188 d) [generation] $(debug-restart)
      + Generation 6 (running · 24.11.6 · 1189 d · specialisations: gpu) [generation] $(circle-filled)
      + 238 older ones are not shown [info] $(ellipsis)
    - Failed units (2) [info] $(warning)
      + nginx.service [info] $(error)
      + backup.timer [info] $(error)
    - Asks caches (2, 1 out of reach) [info] $(warning)
      + https://cache.example.org (reached in 31 ms) [info] $(pass)
      + ssh://stage (out of reach: Permission denied) [info] $(warning)
    + /nix/store (1.0 GB free of 50.0 GB) [info] $(warning)
    - Short of memory (64.0 MB of 1.0 GB left, 768 MB swapped) [info] $(warning)
      + It swaps. Build elsewhere (a build host or here), use a binary cache, or give it more memory. [info] $(lightbulb)
    - Machine (host · Nix 2.24.10) [info] $(server)
      + Operating system (NixOS 24.11) [info] $(dash)
      + Kernel (6.6.60) [info] $(dash)
      + Nix (2.24.10) [info] $(dash)
      + Up for (25 h) [info] $(dash)
      + Load (0.5 on 2 CPUs) [info] $(dash)
      + Logged in as (root) [info] $(dash)
    + Its clock is wrong (1095 d ahead of ours) [info] $(warning)
    + Asked (TIME · observed) [info] $(comment)
    - Configuration (read) [info] $(file-code)
      - Caches (2) [info] $(database)
        + https://cache.example.org [info] $(database)
        + ssh://stage [info] $(database)"
  `);
  expect(row?.description).toMatchInlineSnapshot(`"next boot differs · gen 6, 1189 d · 24.11"`);
});

test("states are told in words, and drift by a mark", () => {
  const names = ["busy", "down", "new-boot", "up", "behind", "failing", "stranger"];
  const fleet = fleetOf(names.map(name => hostOf({ name })));
  const key = {
    verdict: "unknown",
    name: "stranger",
    type: "ssh-ed25519",
    base64: "",
    fingerprint: "SHA256:x",
  } as const;
  const state: Partial<HostsViewState> = {
    fleet,
    drift: host => (host === "behind" ? { kind: "behind", running: "abc", commits: 3 } : undefined),
    running: host =>
      host === "busy"
        ? { host, action: "deploy", tool: "direct", startedAt: 0, phase: "build", phaseAt: 0 }
        : undefined,
    observed: host => {
      const failed = { told: undefined, at: 0, failures: 1 };
      const why = "it does not answer";
      if (host === "down") return { ...failed, answer: { kind: "failed", why, cause: "timeout" } };
      if (host === "stranger")
        return { ...failed, answer: { kind: "failed", why, cause: "hostKey", hostKey: key } };
      if (host === "new-boot") return observed(factsOf({ profileSystem: systemPath(9) }));
      if (host === "failing") return observed(factsOf({ failedUnits: ["a.service"] }));
      return observed(factsOf({}));
    },
  };
  expect(show(state)).toMatchInlineSnapshot(`
    "+ behind (up · 3 behind · gen 1, 99 d · 24.11) [host] $(git-compare)
    + busy (deploy: build… · gen 1, 99 d · 24.11) [host] $(sync~spin)
    + down (no answer) [host] $(error)
    + failing (1 unit failed · gen 1, 99 d · 24.11) [host] $(warning)
    + new-boot (next boot differs · gen 1, 99 d · 24.11) [host] $(debug-restart)
    + stranger (host key not known) [host] $(lock)
    + up (up · gen 1, 99 d · 24.11) [host] $(pass)"
  `);
  const marked = rows(state).filter(row => row.decoration !== undefined);
  expect(marked.map(row => [row.label, row.decoration?.badge])).toEqual([["behind", "↓3"]]);
  const grouped = { ...state, arrangement: { grouping: "state", sorting: "name" } } as const;
  expect(rows(grouped).map(group => [group.label, group.children?.map(row => row.label)])).toEqual([
    ["not reached", ["down", "stranger"]],
    ["needs attention", ["failing", "new-boot"]],
    ["drifted", ["behind"]],
    ["being deployed", ["busy"]],
    ["up", ["up"]],
  ]);
});

test("an unknown host key is a click away", () => {
  const host = hostOf({ name: "new" });
  const hostKey = {
    verdict: "unknown",
    name: "new",
    type: "ssh-ed25519",
    base64: "",
    fingerprint: "",
  } as const;
  const answer = { kind: "failed", why: "not known", cause: "hostKey", hostKey } as const;
  const [row] = rows({
    fleet: fleetOf([host]),
    observed: () => ({ at: 0, told: undefined, failures: 1, answer }),
  });
  expect(row?.children?.find(child => child.run === "nixDeploy.acceptHostKey")?.subject).toEqual({
    kind: "host",
    name: "new",
  });
});

test("by tag a host stands under each of its tags, with an id of its own", () => {
  const fleet = fleetOf([hostOf({ name: "a", tags: ["eu", "web"] }), hostOf({ name: "b" })]);
  const groups = rows({ fleet, arrangement: { grouping: "tag", sorting: "name" } });
  expect(groups.map(group => [group.label, group.children?.map(row => row.id)])).toEqual([
    ["@eu", ["tag:eu/host:a"]],
    ["@web", ["tag:web/host:a"]],
    ["no tag", ["tag:/host:b"]],
  ]);
});

test("sorted by age the host that was left alone longest comes first", () => {
  const fleet = fleetOf(["a", "b", "c"].map(name => hostOf({ name })));
  const ages: Record<string, number> = { a: 10, b: 1000 };
  const state: Partial<HostsViewState> = {
    fleet,
    arrangement: { grouping: "none", sorting: "age" },
    observed: name =>
      ages[name] === undefined
        ? undefined
        : observed(factsOf({ generations: [generationOf(1, { date: NOW / 1000 - (ages[name] ?? 0) })] })),
  };
  expect(rows(state).map(row => row.label)).toEqual(["b", "a", "c"]);
});

test("without hosts the entry points say why", () => {
  const why = ["nodes come from an input that is not here"];
  const entryPoints = [
    { path: "/w/infra/flake.nix", kind: "flake", complete: false, why },
    { path: "/w/infra/hive.nix", kind: "hive", complete: true, why: [] },
  ];
  expect(show({ fleet: { ...fleetOf([]), entryPoints } })).toMatchInlineSnapshot(`
    "- infra/flake.nix (no hosts) [info] $(file-code)
      + nodes come from an input that is not here [info] $(info)
    - infra/hive.nix (no hosts) [info] $(file-code)
      + It defines no host. [info] $(info)"
  `);
});

test("the filter keeps hosts in which every word occurs, tags with @, states with is:", () => {
  const fleet = fleetOf([hostOf({ name: "web1", tags: ["eu"] }), hostOf({ name: "web2", tags: ["us"] })]);
  const names = (filter: string) =>
    rows({
      fleet,
      filter,
      observed: host => (host === "web1" ? observed(factsOf({})) : undefined),
    }).map(row => row.label);
  expect(names("WEB @eu")).toEqual(["web1"]);
  expect(names("web @US")).toEqual(["web2"]);
  expect(names("is:up")).toEqual(["web1"]);
  expect(names("is:un")).toEqual(["web2"]);
  expect(names("nothing")).toEqual([]);
});

test("names and texts from outside are no Markdown, and a screen reader hears the state", () => {
  const evil = "[x](command:evil)";
  const host = hostOf({ name: evil });
  const [row] = rows({
    fleet: fleetOf([host]),
    observed: () =>
      observed(factsOf({ nixosVersion: evil, generations: [generationOf(1, { version: evil })] })),
  });
  const texts = (nodes: readonly TreeNodeData[]): string[] =>
    nodes.flatMap(node => [node.tooltip ?? "", ...texts(node.children ?? [])]);
  const all = texts(row === undefined ? [] : [row]);
  expect(all.length).toBeGreaterThan(5);
  expect(all.join("\n")).not.toMatch(/(?<!\\)\[x/);
  expect(row?.accessibilityLabel).toContain(`host ${evil}, deploy-rs, up`);
});

test("of 300 hosts only those with news get a new row, in every place where they stand", () => {
  const hosts = Array.from({ length: 300 }, (_, n) =>
    hostOf({ name: `host${n}`, tags: ["all", `t${n % 10}`] }),
  );
  const fleet = fleetOf(hosts);
  const seen = new Map(hosts.map(({ name }) => [name, observed(factsOf({}))]));
  const byTag = { grouping: "tag", sorting: "name" } as const;
  const members = () =>
    rows({ fleet, observed: host => seen.get(host), arrangement: byTag }).flatMap(
      group => group.children ?? [],
    );
  const before = members();
  seen.set("host7", observed(factsOf({ failedUnits: ["nginx.service"] })));
  const after = members();
  const changed = after.filter((row, at) => row !== before[at]);
  expect(before).toHaveLength(600);
  expect(changed.map(({ label, description }) => [label, description?.split(" · ")[0]])).toEqual([
    ["host7", "1 unit failed"],
    ["host7", "1 unit failed"],
  ]);
  expect(rows({ fleet: fleetOf([hostOf({ name: "host7" })]) })[0]?.description).toBe("not asked yet");
});

test("every row has an id of its own, whatever the host says", () => {
  const facts = factsOf({
    generations: [generationOf(2, {}), generationOf(1, {})],
    failedUnits: ["a", "a"],
    settings: {
      substituters: ["https://a", "https://a"],
      trustedPublicKeys: [],
      trustedUsers: [],
      secretKeyFiles: [],
      requireSigs: true,
      fallback: undefined,
    },
  });
  const ids = (nodes: readonly TreeNodeData[]): string[] =>
    nodes.flatMap(node => [node.id, ...ids(node.children ?? [])]);
  const all = ids(
    rows({ fleet: fleetOf([hostOf({ name: "a" }), hostOf({ name: "b" })]), observed: () => observed(facts) }),
  );
  expect(new Set(all).size).toBe(all.length);
});
