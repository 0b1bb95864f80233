// Changes of packages as a Markdown table, and in one number.

import { t } from "../l10n";
import { markdownTable } from "../markdownTable";
import { formatBytes } from "./amounts";
import type { PackageChange } from "./closureDiff";

/** A table that reads well as text, too. Names and versions are those of store paths, in which nothing is Markdown. */
export function packageTable(changes: readonly PackageChange[]): readonly string[] {
  const cell = (versions: readonly string[]): string =>
    versions.length === 0 ? "–" : versions.map(version => version || t("no version")).join(", ");
  const rows = changes.map(({ name, before, after, bytes }) => [
    name,
    cell(before),
    cell(after),
    growthText(bytes),
  ]);
  return markdownTable([[t("Package"), t("Before"), t("After"), t("Size")], ...rows], { rightAligned: 3 });
}

/** "+1.2 MB". */
export function growthText(bytes: number | undefined): string {
  if (bytes === undefined) return t("not known");
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** By how much a closure grows; undefined where a size is not known. */
export function totalGrowth(changes: readonly PackageChange[]): number | undefined {
  return changes.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}
