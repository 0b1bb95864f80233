// The view "Caches" as data: every cache with the hosts that ask it and how it answered them, every key with the hosts that
// trust it, and the order in which each host asks its caches.

import type { CacheSnapshot, FleetSnapshot, HostSnapshot, KeySnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { askingOrder } from "../stores/askingOrder";
import type { CacheTest } from "../stores/cacheTest";
import { telling } from "../stores/keyNames";
import { escapeMarkdown, type NodeIcon, type Place, type TreeNodeData } from "../treeNode";
import { placeOf, resultText } from "./testReport";

export interface CachesTreeInput {
  readonly fleet: FleetSnapshot | undefined;
  /** The latest tests of a cache. */
  readonly tests: (url: string) => readonly CacheTest[];
}

export function cachesTree({ fleet, tests }: CachesTreeInput): readonly TreeNodeData[] {
  if (fleet === undefined || fleet.caches.length + fleet.keys.length === 0) return [];
  const asking = fleet.hosts.filter(host => host.substituters.length > 0);
  const groups = [
    group(
      "caches",
      t("Caches"),
      fleet.caches.map(cache => cacheNode(cache, tests(cache.url))),
    ),
    group(
      "keys",
      t("Keys"),
      fleet.keys.map(key => keyNode(key, fleet.keys)),
    ),
    {
      ...group(
        "order",
        t("What Hosts Ask First"),
        asking.map(host => orderNode(host, tests)),
      ),
      expanded: false,
    },
  ];
  return groups.filter(node => node.children?.length !== 0);
}

function group(id: string, label: string, children: readonly TreeNodeData[]): TreeNodeData {
  const description = String(children.length);
  return { id, label, description, contextValue: "group", expanded: true, children };
}

function cacheNode(cache: CacheSnapshot, tests: readonly CacheTest[]): TreeNodeData {
  const id = `cache:${cache.url}`;
  const users = hostCount(cache.usedBy.length);
  const state = tests.length === 0 ? undefined : summaryOf(tests);
  const keys = cache.keyNames.map(name => leaf(`${id}:key:${name}`, name, t("signs"), { id: "key" }));
  const hosts = cache.usedBy.map(name => {
    const test = tests.find(each => each.host === name);
    const [icon, words] = test === undefined ? [UNTESTED, undefined] : [iconOf(test), resultText(test)];
    return leaf(`${id}:host:${name}`, name, words, icon);
  });
  const others = tests
    .filter(test => test.host === undefined || !cache.usedBy.includes(test.host))
    .map(test => leaf(`${id}:test:${test.host ?? ""}`, placeOf(test), resultText(test), iconOf(test)));
  return {
    id,
    label: cache.url,
    description: [users, ...(state === undefined ? [] : [state])].join(" · "),
    tooltip: [
      `**${escapeMarkdown(cache.url)}**`,
      t("Asked by {0}", escapeMarkdown(cache.usedBy.join(", ") || t("no host"))),
      cache.keyNames.length === 0
        ? t("No trusted key is known to sign its paths.")
        : t("Signed with {0}", escapeMarkdown(cache.keyNames.join(", "))),
      ...tests.map(test => `${escapeMarkdown(placeOf(test))}: ${escapeMarkdown(resultText(test))}`),
    ].join("\n\n"),
    icon: cacheIcon(tests),
    contextValue: "cache",
    accessibilityLabel: t(
      "cache {0}, {1}",
      cache.url,
      [users, ...(state === undefined ? [] : [state])].join(", "),
    ),
    subject: { kind: "cache", url: cache.url },
    ...opening(cache),
    ...parents([...keys, ...hosts, ...others]),
  };
}

const UNTESTED: NodeIcon = { id: "server-environment" };

function iconOf(test: CacheTest): NodeIcon {
  return test.result.kind === "trouble"
    ? { id: "error", color: "testing.iconFailed" }
    : { id: "pass", color: "charts.green" };
}

function cacheIcon(tests: readonly CacheTest[]): NodeIcon {
  const failed = tests.find(test => test.result.kind === "trouble");
  const shown = failed ?? tests[0];
  return shown === undefined ? { id: "database" } : iconOf(shown);
}

function summaryOf(tests: readonly CacheTest[]): string {
  const failed = tests.filter(test => test.result.kind === "trouble").length;
  return failed === 0 ? t("works") : t("{0} of {1} tests failed", failed, tests.length);
}

function keyNode(key: KeySnapshot, all: readonly KeySnapshot[]): TreeNodeData {
  const id = `key:${key.publicKey}`;
  const trust = hostCount(key.trustedBy.length);
  const beginning = telling(key.publicKey, all);
  const name = beginning === undefined ? key.name : t("{0}, beginning with {1}", key.name, beginning);
  return {
    id,
    label: key.name,
    description: [...(beginning === undefined ? [] : [beginning]), trust].join(" · "),
    tooltip: [`**${escapeMarkdown(key.name)}**`, `\`${key.publicKey.replace(/`/g, "")}\``].join("\n\n"),
    icon: { id: "key" },
    contextValue: "key",
    accessibilityLabel: t("key {0}, trusted by {1}", name, trust),
    subject: { kind: "key", name: key.name, publicKey: key.publicKey },
    ...opening(key),
    ...parents(key.trustedBy.map(name => leaf(`${id}:host:${name}`, name, undefined, UNTESTED))),
  };
}

function orderNode(host: HostSnapshot, tests: CachesTreeInput["tests"]): TreeNodeData {
  const id = `order:${host.name}`;
  const infoOf = (url: string) => tests(url).find(test => test.info !== undefined)?.info;
  const asked = askingOrder(host.substituters, infoOf);
  const rows = asked.map(({ url, priority }, index) => {
    const words = priority === undefined ? t("priority known after a test") : t("priority {0}", priority);
    return leaf(`${id}:${url}`, `${index + 1}. ${url}`, words, { id: "database" });
  });
  return {
    ...leaf(id, host.name, t("first {0}", asked[0]?.url ?? ""), UNTESTED),
    subject: { kind: "host", name: host.name },
    children: rows,
  };
}

function hostCount(count: number): string {
  return count === 1 ? t("1 host") : t("{0} hosts", count);
}

function leaf(id: string, label: string, description: string | undefined, icon: NodeIcon): TreeNodeData {
  const shown = description === undefined ? {} : { description };
  const accessibilityLabel = description === undefined ? label : `${label}, ${description}`;
  return { id, label, icon, contextValue: "info", accessibilityLabel, ...shown };
}

function opening(from: Pick<CacheSnapshot, "path" | "range">): { open?: Place } {
  return from.path === null ? {} : { open: { path: from.path, range: from.range } };
}

function parents(children: readonly TreeNodeData[]): { children?: readonly TreeNodeData[] } {
  return children.length === 0 ? {} : { children };
}
