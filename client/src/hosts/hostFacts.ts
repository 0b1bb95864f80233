// The rows under a host: what its configuration says about it.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { NodeIcon, TreeNodeData } from "../treeNode";

export function hostFacts(host: HostSnapshot): readonly TreeNodeData[] {
  const row = (key: string, label: string, description: string | null, icon: string): TreeNodeData[] =>
    description === null || description === ""
      ? []
      : [leaf(`host:${host.name}:${key}`, label, description, { id: icon })];
  const serves = host.sshServe?.enable === true ? (host.sshServe.protocol ?? "ssh") : null;
  return [
    ...row("system", t("System"), host.system, "circuit-board"),
    ...row("configuration", t("Configuration"), host.configuration, "symbol-namespace"),
    ...row("profiles", t("Profiles"), host.profiles.map(profile => profile.name).join(", "), "layers"),
    ...row("tags", t("Tags"), host.tags.join(", "), "tag"),
    ...list(host, "cache", t("Caches"), host.substituters, "database"),
    ...list(host, "trusts", t("Trusted keys"), host.trustedPublicKeys.map(keyName), "key"),
    ...row("serves", t("Serves its store"), serves, "radio-tower"),
    ...row("unknown", t("Not known by reading"), host.unknown.join(", "), "question"),
  ];
}

function list(
  host: HostSnapshot,
  key: string,
  label: string,
  items: readonly string[],
  icon: string,
): TreeNodeData[] {
  if (items.length === 0) return [];
  const id = `host:${host.name}:${key}`;
  const children = items.map((item, index) => leaf(`${id}:${index}`, item, undefined, { id: icon }));
  return [{ ...leaf(id, label, String(items.length), { id: icon }), children }];
}

function leaf(id: string, label: string, description: string | undefined, icon: NodeIcon): TreeNodeData {
  const shown = description === undefined ? {} : { description };
  return {
    id,
    label,
    icon,
    contextValue: "info",
    accessibilityLabel: [label, description ?? ""].join(" "),
    ...shown,
  };
}

/** A cache key without its 44 characters of base64. */
function keyName(key: string): string {
  return key.split(":")[0] ?? key;
}
