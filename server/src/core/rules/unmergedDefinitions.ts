// Definitions of one setting in several modules of a host that the module system cannot merge.

import { type Datum, knownText } from "../eval/datum";
import type { OptionFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { findNixosOption } from "../knowledge/nixosOptions";
import { editsAt } from "./entryFixes";
import type { HostFinding } from "./hostFindings";
import type { FileContext, Fix } from "./rule";
import { valueInWords } from "./valueWording";

type Texts = Pick<FileContext, "textOf">;

/** A text and a list, or two different values, of a setting without a type of its own. */
export function unmergedDefinitions(ctx: Texts, host: Host): readonly HostFinding[] {
  const byName = new Map<string, OptionFact[]>();
  for (const fact of host.options) {
    const [root, second, name = "", ...rest] = fact.option;
    const isFree = root === "nix" && second === "settings" && name !== "" && rest.length === 0;
    if (!isFree || findNixosOption(fact.option) !== undefined || fact.conditions.length > 0) continue;
    byName.set(name, [...(byName.get(name) ?? []), fact]);
  }
  return [...byName].flatMap(([name, all]): HostFinding[] => {
    const level = Math.min(...all.map(({ priority }) => priority.level));
    const facts = all.filter(({ priority }) => priority.level === level);
    const [first] = facts;
    const other = facts.find(fact => first !== undefined && clash(first.value, fact.value));
    if (first === undefined || other === undefined) return [];
    return [
      {
        span: other.value.span,
        host,
        before: `nix.settings.${name} is ${valueInWords(other.value)} here and ${valueInWords(first.value)} in another module of `,
        after: ": the definitions do not merge, so the configuration cannot be evaluated",
        related: [{ span: first.value.span, message: "the other definition" }],
        fixes: [first.value, other.value].some(({ kind }) => kind === "list")
          ? [first.value, other.value].flatMap(value => inList(ctx, value))
          : [],
      },
    ];
  });
}

/** Whether two definitions certainly do not merge: lists join, equal values are one. */
function clash(a: Datum, b: Datum): boolean {
  const [one, other] = [plain(a), plain(b)];
  return one !== undefined && other !== undefined && one !== other;
}

/** "list", or the value itself; undefined where it is not known. */
function plain(datum: Datum): string | undefined {
  if (datum.kind === "list") return "list";
  if (datum.kind === "scalar") return `scalar ${String(datum.value)}`;
  const text = datum.kind === "text" ? knownText(datum) : undefined;
  return text === undefined ? undefined : `text ${text}`;
}

/** A text that stands alone becomes a list. Blanks separate in nix.conf, so several words are several items. */
export function inList(ctx: Texts, { kind, span }: Datum): readonly Fix[] {
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
  if (kind !== "text" || !/^"[^"\\$]*"$/.test(typed)) return [];
  const items = typed
    .slice(1, -1)
    .split(/\s+/)
    .filter(word => word !== "");
  const list = `[ ${items.map(item => `"${item}"`).join(" ")} ]`;
  return [{ title: "Put it in a list", safety: "safe", edits: editsAt(span, list) }];
}
