// The row "Configuration" under a host: what reading its configuration says about it.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { TreeNodeData } from "../treeNode";
import { infoRow } from "./rows";

/** @param id of the host's row, of which these become part */
export function configurationRow(id: string, host: HostSnapshot): TreeNodeData {
  const row = (key: string, label: string, description: string | null, icon: string): TreeNodeData[] =>
    description === null || description === ""
      ? []
      : [infoRow({ id: `${id}:${key}`, label, description, icon: { id: icon } })];
  const serves = host.sshServe?.enable === true ? (host.sshServe.protocol ?? "ssh") : null;
  const children = [
    ...row("attribute", t("Attribute"), host.configuration, "symbol-namespace"),
    ...row("platform", t("System"), host.system, "circuit-board"),
    ...row("profiles", t("Profiles"), host.profiles.map(profile => profile.name).join(", "), "layers"),
    ...row("tags", t("Tags"), host.tags.join(", "), "tag"),
    ...list(`${id}:cache`, t("Caches"), host.substituters, "database"),
    ...list(`${id}:trusts`, t("Trusted keys"), host.trustedPublicKeys.map(keyName), "key"),
    ...row("serves", t("Serves its store"), serves, "radio-tower"),
    ...row("unknown", t("Not known by reading"), host.unknown.join(", "), "question"),
  ];
  return infoRow({
    id: `${id}:configuration`,
    label: t("Configuration"),
    description: t("read"),
    icon: { id: "file-code" },
    children,
  });
}

function list(id: string, label: string, items: readonly string[], icon: string): TreeNodeData[] {
  if (items.length === 0) return [];
  const children = items.map((item, index) =>
    infoRow({ id: `${id}:${index}`, label: item, icon: { id: icon } }),
  );
  return [infoRow({ id, label, description: String(items.length), icon: { id: icon }, children })];
}

/** A cache key without its 44 characters of base64. */
function keyName(key: string): string {
  return key.split(":")[0] ?? key;
}
