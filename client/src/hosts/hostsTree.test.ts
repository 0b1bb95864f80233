import { expect, test } from "vitest";
import { outline } from "../../../test/harness/outline";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { type HostsViewState, hostsTree } from "./hostsTree";

const nobody = { observed: () => undefined, running: () => undefined, filter: "" };
const show = (state: Partial<HostsViewState>) =>
  outline(hostsTree({ ...nobody, fleet: undefined, ...state }));

test("hosts stand under their first tool, in the order people count", () => {
  const fleet = fleetOf([
    hostOf({ name: "web10", hostname: "10.0.0.10", sshUser: "root" }),
    hostOf({ name: "web2", hostname: "10.0.0.2", tools: ["deploy-rs", "nixos-rebuild"] }),
    hostOf({ name: "mail", tools: ["colmena"], unknown: ["hostname"] }),
  ]);
  expect(show({ fleet })).toMatchInlineSnapshot(`
    "- colmena (1) [group]
      - mail [host] $(server-environment)
        + Configuration (mail) [info] $(symbol-namespace)
        + Not known by reading (hostname) [info] $(question)
    - deploy-rs (2) [group]
      - web2 (10.0.0.2) [host] $(server-environment)
        + Configuration (web2) [info] $(symbol-namespace)
      - web10 (root@10.0.0.10) [host] $(server-environment)
        + Configuration (web10) [info] $(symbol-namespace)"
  `);
});

test("one tool needs no group; everything that is known about a host is under it", () => {
  const host = hostOf({
    name: "stage",
    system: "x86_64-linux",
    tags: ["eu", "cache"],
    profiles: [{ name: "system", user: "root", sshUser: null }],
    substituters: ["https://cache.nixos.org"],
    trustedPublicKeys: ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="],
    sshServe: { enable: true, protocol: "ssh", write: false, keys: [] },
  });
  expect(show({ fleet: fleetOf([host]) })).toMatchInlineSnapshot(`
    "- stage [host] $(server-environment)
      + System (x86_64-linux) [info] $(circuit-board)
      + Configuration (stage) [info] $(symbol-namespace)
      + Profiles (system) [info] $(layers)
      + Tags (eu, cache) [info] $(tag)
      - Caches (1) [info] $(database)
        + https://cache.nixos.org [info] $(database)
      - Trusted keys (1) [info] $(key)
        + cache.nixos.org-1 [info] $(key)
      + Serves its store (ssh) [info] $(radio-tower)"
  `);
});

test("a host shows what it said and what is done to it", () => {
  const names = ["busy", "down", "new-boot", "up"];
  const fleet = fleetOf(names.map(name => hostOf({ name, configuration: null })));
  const state: HostsViewState = {
    fleet,
    filter: "",
    running: host =>
      host === "busy"
        ? { host, action: "deploy", tool: "direct", startedAt: 0, phase: "build", phaseAt: 0 }
        : undefined,
    observed: host => {
      const told = { told: undefined, at: 0, failures: 0 };
      if (host === "down") return { ...told, answer: { kind: "failed", why: "Connection refused" } };
      const current = "/nix/store/a-system";
      if (host === "up")
        return { ...told, answer: { kind: "reached", system: { current, profile: current } } };
      if (host !== "new-boot") return undefined;
      return { ...told, answer: { kind: "reached", system: { current, profile: "/nix/store/b-system" } } };
    },
  };
  expect(outline(hostsTree(state))).toMatchInlineSnapshot(`
    "+ busy (deploy: build…) [host] $(sync~spin)
    + down (no answer) [host] $(error)
    + new-boot (next boot differs) [host] $(debug-restart)
    + up (up) [host] $(pass)"
  `);
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

test("the filter keeps hosts in which every word occurs, and tags with @", () => {
  const fleet = fleetOf([hostOf({ name: "web1", tags: ["eu"] }), hostOf({ name: "web2", tags: ["us"] })]);
  const names = (filter: string) => hostsTree({ ...nobody, fleet, filter }).map(row => row.label);
  expect(names("WEB @eu")).toEqual(["web1"]);
  expect(names("web @US")).toEqual(["web2"]);
  expect(names("nothing")).toEqual([]);
});

test("names from a configuration are no Markdown, and a screen reader hears the state", () => {
  const [row] = hostsTree({ ...nobody, fleet: fleetOf([hostOf({ name: "[x](command:evil)" })]) });
  expect(row?.tooltip).toContain("\\[x\\]\\(command:evil\\)");
  expect(row?.accessibilityLabel).toBe("host [x](command:evil), deploy-rs");
});
