// Edit requests: "let these hosts ask this cache", "trust this key", "serve to that client". All operations of a request
// get their edits, or nothing is changed and every reason is told.

import type { Analysis } from "../analysis";
import { isSound } from "../features/fixAll";
import type { AttrsExpr, Expr } from "../syntax/expr";
import type { Span } from "../text/span";
import type { EditsByPath, TextEdit } from "../text/textEdit";
import { editInFlake, editInSet, editValue, type OptionChange, type OptionEdits } from "./editOption";
import {
  type Definition,
  definitionFor,
  ownFiles,
  ownModule,
  relativePlace,
  type SetPlace,
} from "./hostPlace";
import { hiveDefaults, inlineModule } from "./inlineModule";
import { flakeSet, moduleSet } from "./modulePlace";
import { parseOptionPath } from "./optionPath";
import { printNix, printPath } from "./printNix";
import { removals } from "./removal";

export interface OptionOperation {
  readonly target: { readonly hosts: readonly string[] } | { readonly path: string };
  /** Names joined with dots. */
  readonly option: string;
  readonly change: OptionChange;
}

export type EditPlan =
  | { readonly kind: "edit"; readonly edits: EditsByPath; readonly summary: readonly string[] }
  | { readonly kind: "refused"; readonly reasons: readonly Refusal[] };

export interface Refusal {
  /** One line: why, and what to do instead. */
  readonly message: string;
  /** What to write by hand. */
  readonly snippet: string;
  readonly span: Span | undefined;
}

/** Plans all operations against one snapshot. */
export function planEdits(analysis: Analysis, operations: readonly OptionOperation[]): EditPlan {
  const collected = new Collected();
  for (const operation of operations) planOne(analysis, operation, collected);
  for (const [path, edits] of collected.edits) {
    const text = analysis.text(path) ?? "";
    if (text.includes("\r\n")) collected.edits.set(path, edits.map(withCarriageReturns));
    if (!isSound(analysis, path, edits))
      collected.refuse({
        message: `the edit would not leave ${nameOf(path)} as valid Nix`,
        snippet: "",
        span: undefined,
      });
  }
  return collected.plan();
}

function planOne(analysis: Analysis, operation: OptionOperation, collected: Collected): void {
  const { target, option: text, change } = operation;
  const option = parseOptionPath(text);
  if (option === undefined) {
    collected.refuse({ message: `\`${text}\` is no option path`, snippet: "", span: undefined });
    return;
  }
  if ("path" in target) planInFile(analysis, target.path, option, change, collected);
  else planForHosts(analysis, target.hosts, option, change, collected);
}

/** In the one definition that counts for exactly these hosts, else in each host's own module. */
function planForHosts(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
  change: OptionChange,
  collected: Collected,
): void {
  if (change.kind === "removeFromList") {
    planRemoval(analysis, hosts, option, change, collected);
    return;
  }
  const definition = definitionFor(analysis, hosts, option);
  if (definition !== undefined && planAtDefinition(analysis, definition, option, change, collected)) return;
  const place = placeFor(analysis, hosts, option);
  if (place !== undefined) {
    planInSet(analysis, place, option, change, collected);
    return;
  }
  if (hosts.length > 1) {
    for (const host of hosts) planForHosts(analysis, [host], option, change, collected);
    return;
  }
  collected.refuse(homeless(analysis, hosts[0] ?? "", snippetOf(option, change)));
}

function planRemoval(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
  change: Extract<OptionChange, { kind: "removeFromList" }>,
  collected: Collected,
): void {
  for (const each of removals(analysis, hosts, option, change.items)) {
    if (each.kind === "edits") collected.add(each.path, each.edits, summaryOf(each.path, option, change));
    else {
      const message = `${printPath(option)} in ${nameOf(each.span.path)} cannot be edited, ${each.why}: change it by hand`;
      collected.refuse({ message, snippet: "", span: each.span });
    }
  }
}

/** Why a host has no place of its own. */
function homeless(analysis: Analysis, host: string, snippet: string): Refusal {
  const [path] = ownFiles(analysis, host).filter(each => each.endsWith(".nix"));
  if (path === undefined) {
    const message = `no file speaks for ${host} alone: write it into a module that only this host imports`;
    return { message, snippet, span: undefined };
  }
  const message = `all that ${nameOf(path)} says hangs on a condition or is computed: write it by hand`;
  return { message, snippet, span: { path, start: 0, end: 0 } };
}

/** Where these hosts have what is akin to the option, else the one host's own module. */
function placeFor(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
): SetPlace | undefined {
  const akin = relativePlace(analysis, hosts, option, 1);
  const [host = "", other] = hosts;
  if (akin !== undefined) return akin;
  if (other !== undefined) return hiveDefaults(analysis, hosts);
  return (
    ownModule(analysis, host) ?? inlineModule(analysis, host) ?? relativePlace(analysis, hosts, option, 0)
  );
}

function planInSet(
  analysis: Analysis,
  { path, set }: SetPlace,
  option: readonly string[],
  change: OptionChange,
  collected: Collected,
): void {
  const file = analysis.file(path);
  if (file === undefined) return;
  take(path, editInSet(file, set, option, change), option, change, collected);
}

function planAtDefinition(
  analysis: Analysis,
  { span, value }: Definition,
  option: readonly string[],
  change: OptionChange,
  collected: Collected,
): boolean {
  const file = analysis.file(span.path);
  if (file === undefined) return false;
  const outcome = editValue(file, value, change);
  if ("refusal" in outcome) return false;
  collected.add(span.path, outcome.edits, summaryOf(span.path, option, change));
  return true;
}

function planInFile(
  analysis: Analysis,
  path: string,
  option: readonly string[],
  change: OptionChange,
  collected: Collected,
): void {
  const snippet = snippetOf(option, change);
  const file = analysis.file(path);
  const inFlake = option[0] === "nixConfig";
  const set: AttrsExpr | undefined =
    file === undefined ? undefined : inFlake ? flakeSet(file.root) : moduleSet(file.root);
  if (file === undefined || set === undefined) {
    collected.refuse({
      message: `${nameOf(path)} is no module that could be edited: write it by hand`,
      snippet,
      span: undefined,
    });
    return;
  }
  const outcome: OptionEdits = inFlake
    ? editInFlake(file, set, option, change)
    : editInSet(file, set, option, change);
  take(path, outcome, option, change, collected);
}

function take(
  path: string,
  outcome: OptionEdits,
  option: readonly string[],
  change: OptionChange,
  collected: Collected,
): void {
  if ("edits" in outcome) collected.add(path, outcome.edits, summaryOf(path, option, change));
  else collected.refuse(refusalAt(path, option, outcome.refusal, outcome.at, snippetOf(option, change)));
}

function refusalAt(path: string, option: readonly string[], why: string, at: Expr, snippet: string): Refusal {
  const message = `${printPath(option)} in ${nameOf(path)} cannot be edited, ${why}: change it by hand`;
  return { message, snippet, span: { path, start: at.start, end: at.end } };
}

function summaryOf(path: string, option: readonly string[], change: OptionChange): string {
  const verb = { addToList: "add to", removeFromList: "remove from", set: "set" }[change.kind];
  return `${nameOf(path)}: ${verb} ${printPath(option)}`;
}

function snippetOf(option: readonly string[], change: OptionChange): string {
  if (change.kind === "removeFromList") return "";
  return `${printPath(option)} = ${printNix(change.kind === "set" ? change.value : change.items)};`;
}

/** The lines of a file that ends them so stay alike. */
function withCarriageReturns(edit: TextEdit): TextEdit {
  return { ...edit, newText: edit.newText.replace(/\r?\n/g, "\r\n") };
}

function nameOf(path: string): string {
  return path.split("/").slice(-2).join("/");
}

/** The edits of several operations; insertions in one place follow each other in one edit. */
class Collected {
  readonly edits = new Map<string, TextEdit[]>();
  private readonly summary = new Set<string>();
  private readonly reasons: Refusal[] = [];

  add(path: string, edits: readonly TextEdit[], summary: string): void {
    if (edits.length === 0) return;
    this.summary.add(summary);
    const list = this.edits.get(path) ?? [];
    this.edits.set(path, list);
    for (const edit of edits) this.addOne(list, edit);
  }

  refuse(reason: Refusal): void {
    this.reasons.push(reason);
  }

  plan(): EditPlan {
    if (this.reasons.length > 0) return { kind: "refused", reasons: this.reasons };
    return { kind: "edit", edits: this.edits, summary: [...this.summary] };
  }

  private addOne(list: TextEdit[], edit: TextEdit): void {
    const same = list.findIndex(({ start, end }) => start === edit.start && end === edit.end);
    const before = list[same];
    if (before === undefined) list.push(edit);
    else if (edit.start === edit.end) list[same] = { ...before, newText: before.newText + edit.newText };
    else if (before.newText !== edit.newText) list[same] = edit;
  }
}
