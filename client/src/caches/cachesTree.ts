// The view "Caches" as data: every cache with the hosts that ask it, every key with the hosts that trust it.

import type { CacheSnapshot, FleetSnapshot, KeySnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { escapeMarkdown, type Place, type TreeNodeData } from "../treeNode";

export function cachesTree(fleet: FleetSnapshot | undefined): readonly TreeNodeData[] {
  if (fleet === undefined || fleet.caches.length + fleet.keys.length === 0) return [];
  return [
    group("caches", t("Caches"), fleet.caches.map(cacheNode)),
    group("keys", t("Keys"), fleet.keys.map(keyNode)),
  ].filter(node => node.children?.length !== 0);
}

function group(id: string, label: string, children: readonly TreeNodeData[]): TreeNodeData {
  const description = String(children.length);
  return { id, label, description, contextValue: "group", expanded: true, children };
}

function cacheNode(cache: CacheSnapshot): TreeNodeData {
  const id = `cache:${cache.url}`;
  const users = hostCount(cache.usedBy.length);
  const keys = cache.keyNames.map(name => leaf(`${id}:key:${name}`, name, t("signs"), "key"));
  const hosts = cache.usedBy.map(name => leaf(`${id}:host:${name}`, name, undefined, "server-environment"));
  return {
    id,
    label: cache.url,
    description: users,
    tooltip: [
      `**${escapeMarkdown(cache.url)}**`,
      t("Asked by {0}", escapeMarkdown(cache.usedBy.join(", ") || t("no host"))),
      cache.keyNames.length === 0
        ? t("No trusted key is known to sign its paths.")
        : t("Signed with {0}", escapeMarkdown(cache.keyNames.join(", "))),
    ].join("\n\n"),
    icon: { id: "database" },
    contextValue: "cache",
    accessibilityLabel: t("cache {0}, {1}", cache.url, users),
    subject: { kind: "cache", url: cache.url },
    ...opening(cache),
    ...parents([...keys, ...hosts]),
  };
}

function keyNode(key: KeySnapshot): TreeNodeData {
  const id = `key:${key.publicKey}`;
  const trust = hostCount(key.trustedBy.length);
  return {
    id,
    label: key.name,
    description: trust,
    tooltip: [`**${escapeMarkdown(key.name)}**`, `\`${key.publicKey.replace(/`/g, "")}\``].join("\n\n"),
    icon: { id: "key" },
    contextValue: "key",
    accessibilityLabel: t("key {0}, trusted by {1}", key.name, trust),
    subject: { kind: "key", name: key.name, publicKey: key.publicKey },
    ...opening(key),
    ...parents(key.trustedBy.map(name => leaf(`${id}:host:${name}`, name, undefined, "server-environment"))),
  };
}

function hostCount(count: number): string {
  return count === 1 ? t("1 host") : t("{0} hosts", count);
}

function leaf(id: string, label: string, description: string | undefined, icon: string): TreeNodeData {
  const shown = description === undefined ? {} : { description };
  return { id, label, icon: { id: icon }, contextValue: "info", ...shown };
}

function opening(from: Pick<CacheSnapshot, "path" | "range">): { open?: Place } {
  return from.path === null ? {} : { open: { path: from.path, range: from.range } };
}

function parents(children: readonly TreeNodeData[]): { children?: readonly TreeNodeData[] } {
  return children.length === 0 ? {} : { children };
}
