// What names mean that the tables describe: settings, options of NixOS, deploy-rs and colmena, functions of deploy-rs,
// experimental features, and rules in comments that silence them.

import type { Analysis } from "../analysis";
import { findActivateFunction } from "../knowledge/deployRs";
import { findSetting } from "../knowledge/nixSettings";
import { EXPERIMENTAL_FEATURES } from "../knowledge/nixSettingsTable";
import { RULES } from "../rules/index";
import { silencedCodes } from "../rules/suppressions";
import type { Cursor } from "./cursor";
import type { Hover } from "./hover";
import { effectiveOption, effectiveSetting } from "./hoverEffective";
import { code, lines, paragraphs } from "./markdown";
import { entriesOf } from "./mentions";
import { type NameDoc, nameInSet, nixSettingDoc } from "./schema";

/** A setting where it is assigned, on whichever surface. */
export function ofSetting(analysis: Analysis, path: string, offset: number): Hover | undefined {
  const setting = analysis
    .facts(path)
    ?.settings.find(({ nameSpan }) => isAt(nameSpan, offset) && nameSpan.path === path);
  if (setting === undefined) return undefined;
  const known = findSetting(setting.written) ?? findSetting(setting.name);
  if (known === undefined) return undefined;
  const doc = nixSettingDoc(known.setting);
  return {
    span: setting.nameSpan,
    markdown: paragraphs([nameText({ ...doc, name: setting.written }), effectiveSetting(analysis, setting)]),
  };
}

/** A name in a set that we know, whatever is written behind it. */
export function ofName(
  analysis: Analysis,
  path: string,
  offset: number,
  { spot, path: names }: Cursor,
): Hover | undefined {
  if (spot.kind !== "name") return undefined;
  const doc = nameInSet(names.slice(0, -1), names.at(-1) ?? "", path);
  if (doc === undefined) return undefined;
  const fact = analysis.facts(path)?.options.find(({ nameSpan }) => isAt(nameSpan, offset));
  return {
    span: { path, start: spot.name.start, end: spot.name.end },
    markdown: paragraphs([nameText(doc), fact === undefined ? undefined : effectiveOption(analysis, fact)]),
  };
}

/** `activate` and the functions in it, behind `deploy-rs.lib.SYSTEM`. */
export function ofActivation(path: string, { spot }: Cursor): Hover | undefined {
  if (spot.kind !== "select") return undefined;
  const span = { path, start: spot.name.start, end: spot.name.end };
  const [before, name = ""] = spot.selected.slice(-2);
  const fn = before === "activate" ? findActivateFunction(name) : undefined;
  if (fn !== undefined) {
    const markdown = paragraphs([`**activate.${fn.name}** — deploy-rs`, fn.description, fn.deprecated]);
    return { span, markdown };
  }
  if (name !== "activate" || !spot.selected.includes("lib")) return undefined;
  const text = "Functions that make of a configuration what a profile's `path` has to be.";
  return { span, markdown: paragraphs(["**activate** — deploy-rs", text]) };
}

/** An experimental feature in a list of them. */
export function ofFeature(analysis: Analysis, path: string, offset: number): Hover | undefined {
  for (const { name, value } of analysis.facts(path)?.settings ?? []) {
    if (name !== "experimental-features") continue;
    const entry = entriesOf(value).find(({ span }) => span.path === path && isAt(span, offset));
    if (entry === undefined || !EXPERIMENTAL_FEATURES.includes(entry.text)) continue;
    const link = `https://nix.dev/manual/nix/latest/development/experimental-features#xp-feature-${entry.text}`;
    const markdown = paragraphs([`**${entry.text}** — experimental feature of Nix`, `[Nix manual](${link})`]);
    return { span: entry.span, markdown };
  }
  return undefined;
}

/** A rule in a comment that silences it. */
export function ofSilencedCode(path: string, text: string, offset: number): Hover | undefined {
  const found = silencedCodes(text).find(each => isAt(each, offset));
  const meta = RULES.find(rule => rule.meta.code === found?.code)?.meta;
  if (found === undefined) return undefined;
  const span = { path, start: found.start, end: found.end };
  if (meta === undefined) return { span, markdown: `There is no rule ${code(found.code)}.` };
  return { span, markdown: paragraphs([`**${meta.code}** — ${meta.severity}`, `${meta.docs.summary}.`]) };
}

/** A documented name as Markdown; completion shows the same. */
export function nameText(doc: NameDoc): string {
  return paragraphs([
    `**${doc.name}** — ${doc.origin}, ${doc.type}`,
    doc.description === "" ? undefined : doc.description,
    lines([
      doc.default === undefined ? undefined : `Default: ${code(doc.default)}`,
      doc.required ? "Required." : undefined,
      ...doc.notes,
    ]),
    doc.link === undefined ? undefined : `[Nix manual](${doc.link})`,
  ]);
}

function isAt({ start, end }: { readonly start: number; readonly end: number }, offset: number): boolean {
  return start <= offset && offset <= end;
}
