// Comparing two generations of a host: the host says in what their closures differ, and a document shows it.

import { randomBytes } from "node:crypto";
import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { RemoteScript } from "../ports/ssh/command";
import type { TextDocumentContent } from "../ports/ui";
import { formatTime } from "../state/amounts";
import { type ClosurePath, diffClosures, type PackageChange } from "../state/closureDiff";
import type { Generation } from "../state/hostFacts";
import { growthText, packageTable, totalGrowth } from "../state/packageTable";

/** Read-only, fixed text. Arguments: mark, old system, new system. */
const TEXT = String.raw`
compare() {
mark=$1 old=$2 new=$3
LC_ALL=C; export LC_ALL
PATH=$PATH:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/bin:/bin
export PATH
tell() { printf '%s %s %s\n' "$mark" "$1" "$2"; }
before=$(nix-store --query --requisites "$old" 2>&1) || { tell error "$(printf '%s\n' "$before" | tail -n 1)"; return; }
after=$(nix-store --query --requisites "$new" 2>&1) || { tell error "$(printf '%s\n' "$after" | tail -n 1)"; return; }
lines=$({ printf '%s\n' "$before" | sed 's/^/- /'; printf '%s\n' "$after" | sed 's/^/+ /'; } | sort -k 2 | uniq -u -f 1)
if [ -n "$lines" ]; then
  printf '%s\n' "$lines" | sed "s/^/$mark path /"
  printf '%s\n' "$lines" | cut -d ' ' -f 2 | xargs nix-store --query --size | sed "s/^/$mark size /"
fi
tell end ok
}
compare "$@" </dev/null 2>/dev/null
`;

export function compareScript(mark: string, before: string, after: string): RemoteScript {
  return { name: t("the comparison"), text: TEXT, args: [mark, before, after] };
}

/** A word that marks the lines of our own script. */
export function newMark(): string {
  return randomBytes(8).toString("hex");
}

export type Comparison =
  | { readonly kind: "compared"; readonly changes: readonly PackageChange[] }
  /** One line for people. */
  | { readonly kind: "failed"; readonly why: string };

/** Reads the answer of the script. It comes from a machine that may be broken, so nothing about its shape is believed. */
export function parseComparison(output: string, mark: string): Comparison {
  const paths: { readonly side: string; readonly storePath: string }[] = [];
  const sizes: (number | undefined)[] = [];
  let ended = false;
  for (const line of output.split("\n")) {
    const [word, key, ...rest] = line.split(" ");
    if (word !== mark) continue;
    if (key === "error") return { kind: "failed", why: rest.join(" ").slice(0, 500) };
    if (key === "path") paths.push({ side: rest[0] ?? "", storePath: rest[1] ?? "" });
    if (key === "size") sizes.push(/^\d{1,15}$/.test(rest[0] ?? "") ? Number(rest[0]) : undefined);
    if (key === "end") ended = true;
  }
  if (!ended) return { kind: "failed", why: t("the host did not finish its answer") };
  // sizes come in the order of the paths; if some are missing, none can be told apart
  const complete = sizes.length === paths.length;
  const on = (side: string): ClosurePath[] =>
    paths.flatMap((path, index) =>
      path.side === side ? [{ storePath: path.storePath, bytes: complete ? sizes[index] : undefined }] : [],
    );
  return { kind: "compared", changes: diffClosures(on("-"), on("+")) };
}

/** The document that shows what changes from one generation to another. */
export function comparisonDocument(
  host: HostSnapshot,
  before: Generation,
  after: Generation,
  changes: readonly PackageChange[],
): TextDocumentContent {
  const title = t(
    "{0}: generation {1} → {2}",
    host.name.replace(/[`*_<>[\]\\#]/g, "\\$&"),
    before.number,
    after.number,
  );
  const lines = [
    `# ${title}`,
    "",
    ...[before, after].map(generationLine),
    "",
    changes.length === 0
      ? t("Both have the same packages.")
      : t(
          "{0} packages change; the closure changes by {1}.",
          changes.length,
          growthText(totalGrowth(changes)),
        ),
    "",
    ...(changes.length === 0 ? [] : packageTable(changes)),
  ];
  const name = `${host.name.replace(/[^\w.-]/g, "_")}-${before.number}-${after.number}.md`;
  return { name, text: `${lines.join("\n")}\n` };
}

function generationLine(generation: Generation): string {
  const made = generation.date === undefined ? undefined : formatTime(generation.date * 1000);
  const parts = [generation.version, generation.kernel && t("Linux {0}", generation.kernel), made];
  const told = parts.filter(part => part !== undefined).map(part => `\`${part.replaceAll("`", "")}\``);
  return `- ${t("Generation {0}", generation.number)}: ${[...told, `\`${generation.storePath}\``].join(", ")}`;
}
