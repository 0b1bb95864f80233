// What one machine's configuration says about the options that we know: every definition with its place, priority and
// conditions, the settings they make, and the effective values after merging.

import type { Condition, Datum } from "../eval/datum";
import { type Lazy, openList } from "../eval/value";
import type { OptionFact, Priority, SettingFact } from "../facts/facts";
import { settingsOfOption } from "../facts/settingFacts";
import { legacyNamesOf } from "../knowledge/legacyOptions";
import { OPTION_SETS } from "../knowledge/nixosOptions";
import type { DefinitionTree } from "../modules/definitionTree";
import { mergeDefinitions, strongest } from "../modules/mergeDefinitions";
import { type Definition, discharge, ORDINARY_LEVEL } from "../modules/properties";
import { UNSPECIFIED } from "../modules/types/basic";
import type { System } from "../nixpkgs/nixosSystem";
import type { Span } from "../text/span";
import type { Reading } from "./reading";

export interface SystemFacts {
  readonly options: readonly OptionFact[];
  readonly settings: readonly SettingFact[];
  readonly effective: ReadonlyMap<string, Datum>;
  /** The files of its modules. */
  readonly files: readonly string[];
  /** Modules that could not be read: why. */
  readonly why: readonly string[];
}

export function readSystem(reading: Reading, system: System, at: Span): SystemFacts {
  const options: OptionFact[] = [];
  const tree = system.configuration.definitions();
  const loaded = system.configuration.loaded();
  for (const set of OPTION_SETS) {
    for (const path of expandStars(tree, set.path)) {
      for (const name of tree.at(path).names) {
        const option = [...path, name];
        if (OPTION_SETS.some(other => matches(other.path, option))) continue;
        for (const definition of tree.at(path).definitionsOf(name)) {
          options.push(...optionFacts(reading, option, definition, at));
        }
      }
    }
  }
  return {
    options,
    settings: options.flatMap(settingsOfOption),
    files: [...new Set(loaded.modules.flatMap(each => reading.place(each.span, NOWHERE).path || []))],
    effective: effectiveValues(reading, system, tree, options, at),
    why: loaded.unknown,
  };
}

/** The paths that a path with `*` stands for, as far as something is defined there. */
function expandStars(tree: DefinitionTree, path: readonly string[]): string[][] {
  let found: string[][] = [[]];
  for (const part of path) {
    found = found.flatMap(before =>
      part === "*" ? tree.at(before).names.map(name => [...before, name]) : [[...before, part]],
    );
  }
  return found;
}

/** Whether a path of an option set leads to or through this path. */
function matches(set: readonly string[], path: readonly string[]): boolean {
  return path.length <= set.length && path.every((part, i) => set[i] === "*" || set[i] === part);
}

function optionFacts(
  reading: Reading,
  option: readonly string[],
  definition: Definition,
  at: Span,
): OptionFact[] {
  const flat = discharge(reading.ctx, [definition]);
  return flat.definitions.flatMap((each): OptionFact[] => {
    const nameSpan = reading.place(each.nameSpan, NOWHERE);
    if (nameSpan === NOWHERE) return [];
    const value = reading.datum(each.value, reading.place(each.span, nameSpan));
    return [
      {
        option,
        value,
        nameSpan,
        ...bindingOf(reading, nameSpan, reading.place(each.span, nameSpan)),
        priority: priorityOf(each, reading.place(each.override?.span, at)),
        conditions: each.conditions.map(
          ({ text, negated, span }): Condition => ({ text, negated, span: reading.place(span, nameSpan) }),
        ),
      },
    ];
  });
}

const NOWHERE: Span = { path: "", start: 0, end: 0 };

/** The whole binding, as the file's own facts have it. */
function bindingOf(
  reading: Reading,
  nameSpan: Span,
  value: Span,
): Pick<OptionFact, "span" | "inSet" | "outermost"> {
  const own = reading
    .facts(nameSpan.path)
    ?.options.find(fact => fact.nameSpan.start === nameSpan.start && fact.nameSpan.path === nameSpan.path);
  if (own !== undefined) {
    const { span, inSet, outermost } = own;
    return { span, ...(inSet && { inSet }), ...(outermost && { outermost }) };
  }
  const end = value.path === nameSpan.path ? Math.max(value.end, nameSpan.end) : nameSpan.end;
  return { span: { path: nameSpan.path, start: nameSpan.start, end } };
}

const WRAPPERS: ReadonlyMap<number, string> = new Map([
  [10, "mkVMOverride"],
  [50, "mkForce"],
  [60, "mkImageMediaOverride"],
  [1000, "mkDefault"],
  [1500, "mkOptionDefault"],
]);

function priorityOf(definition: Definition, span: Span): Priority {
  const level = definition.override?.level;
  if (level === undefined || definition.override?.span === undefined)
    return { level: level ?? ORDINARY_LEVEL };
  return { level, wrapper: { name: WRAPPERS.get(level) ?? "mkOverride", span } };
}

/** Options whose effective value is wanted even where nobody defines them. */
const ALWAYS = [
  "nix.settings.substituters",
  "nix.settings.trusted-public-keys",
  "nix.settings.trusted-users",
  "nix.settings.require-sigs",
  "nix.extraOptions",
  "nix.checkConfig",
  "nix.sshServe.enable",
  "nix.sshServe.keys",
  "nix.sshServe.protocol",
  "nix.sshServe.write",
  "nix.sshServe.trusted",
  "networking.domain",
  "networking.hostName",
  "programs.ssh.knownHosts",
  "system.switch.enable",
];

function effectiveValues(
  reading: Reading,
  system: System,
  tree: DefinitionTree,
  options: readonly OptionFact[],
  at: Span,
): Map<string, Datum> {
  const effective = new Map<string, Datum>();
  const paths = new Map(ALWAYS.map(path => [path, path.split(".")]));
  for (const { option } of options)
    if (option.every(name => !name.includes("."))) paths.set(option.join("."), [...option]);
  for (const [name, path] of paths) {
    const value = effectiveValue(reading, system, tree, path);
    if (value !== undefined) effective.set(name, reading.datum(value, at));
  }
  return effective;
}

function effectiveValue(
  reading: Reading,
  system: System,
  tree: DefinitionTree,
  path: readonly string[],
): Lazy | undefined {
  const { ctx } = reading;
  const set = path.slice(0, -1);
  const open = tree.at(set).open;
  const legacy = set.join(".") === "nix.settings" ? legacyNamesOf(path.at(-1) ?? "") : [];
  const renamed = legacy.flatMap(name => tree.at(["nix"]).definitionsOf(name));
  let value = ctx.force(system.configuration.config);
  for (const name of path) {
    value = ctx.attempt(value);
    if (value.kind === "attrs" && !value.attrs.has(name)) return undefined;
    value = ctx.speculate(() => ctx.select(value, name));
  }
  if (value.kind === "error") return undefined;
  const all = [...tree.at(set).definitionsOf(path.at(-1) ?? ""), ...renamed];
  if (open !== undefined) return openListOf(reading, value, all, open);
  if (renamed.length === 0) return value;
  // NixOS makes the definitions of an older name definitions of the new one, with their priority
  const merged = mergeDefinitions(ctx, path, UNSPECIFIED, all);
  return merged.kind === "error" ? undefined : merged;
}

/** A list that modules which are not read may add to. */
function openListOf(reading: Reading, value: Lazy, definitions: readonly Definition[], open: string): Lazy {
  const flat = discharge(reading.ctx, definitions);
  const items = strongest(flat.definitions.toReversed()).flatMap(each =>
    each.value.kind === "list" ? each.value.items : [],
  );
  return items.length === 0 ? value : openList(items, open);
}
