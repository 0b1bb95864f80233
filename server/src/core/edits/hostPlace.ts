// Which place speaks for which hosts: the definition that counts for exactly these hosts, the set in which related options
// of exactly these hosts stand, and the module that is a host's own. A place that other hosts share is never edited.

import type { Analysis } from "../analysis";
import type { Datum } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import type { AttrsExpr, Expr } from "../syntax/expr";
import type { Span } from "../text/span";
import { bindingsAround, moduleAround } from "./enclosing";
import { moduleSet } from "./modulePlace";

export interface Definition {
  /** The whole binding. */
  readonly span: Span;
  readonly value: Expr;
}

/** A set of options in a file. */
export interface SetPlace {
  readonly path: string;
  readonly set: AttrsExpr;
}

/** One definition and everybody for whom it counts. */
export interface Use extends Written {
  readonly hosts: Set<string>;
}

interface Written {
  readonly span: Span;
  readonly option: readonly string[];
  readonly value: Datum;
}

/** The definitions of an option that count for any of these hosts. */
export function definitionsTouching(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
): readonly Use[] {
  const uses = usesOf(analysis, host => definitionsOf(host, option));
  return uses.filter(use => hosts.some(name => use.hosts.has(name)));
}

/** The definition of an option that counts for all of these hosts and for no other; the last one if there are several. */
export function definitionFor(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
): Definition | undefined {
  const uses = usesOf(analysis, host => definitionsOf(host, option));
  for (const { span } of exactly(uses, hosts).toReversed()) {
    const value = valueOfBinding(analysis.file(span.path)?.root, span);
    if (value !== undefined) return { span, value };
  }
  return undefined;
}

/**
 * The set in which an option of exactly these hosts stands: the one most akin to the option that is asked for. `least` is
 * how many names they have to have in common.
 */
export function relativePlace(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
  least: number,
): SetPlace | undefined {
  const uses = usesOf(analysis, host => host.options);
  const akin = exactly(uses, hosts)
    .map(use => ({ use, common: commonNames(use.option, option) }))
    .filter(({ common }) => common >= least)
    .sort((a, b) => b.common - a.common);
  for (const { use } of akin) {
    const root = analysis.file(use.span.path)?.root;
    const set = root === undefined ? undefined : moduleAround(root, use.span, use.option);
    if (set !== undefined) return { path: use.span.path, set };
  }
  return undefined;
}

function commonNames(a: readonly string[], b: readonly string[]): number {
  const differing = a.findIndex((name, i) => name !== b[i]);
  return differing < 0 ? a.length : differing;
}

/** What exactly these hosts have. */
function exactly(uses: readonly Use[], hosts: readonly string[]): Use[] {
  return uses.filter(use => use.hosts.size === hosts.length && hosts.every(name => use.hosts.has(name)));
}

function usesOf(analysis: Analysis, definitions: (host: Host) => readonly Written[]): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const host of analysis.fleet().hosts) {
    for (const { span, option, value } of definitions(host)) {
      const id = `${span.path}:${span.start}:${span.end}`;
      const use = uses.get(id) ?? { span, option, value, hosts: new Set<string>() };
      use.hosts.add(host.name);
      uses.set(id, use);
    }
  }
  return [...uses.values()];
}

function definitionsOf(host: Host, option: readonly string[]): Written[] {
  const wanted = option.join(".");
  const [nix, settings, name] = option;
  const options = host.options.filter(fact => fact.option.join(".") === wanted);
  if (nix !== "nix" || settings !== "settings" || option.length !== 3) return options;
  const facts = host.settings.filter(
    fact => fact.name === name && (fact.surface === "option" || fact.surface === "legacy-option"),
  );
  return [...options, ...facts.map(({ span, value }) => ({ span, option, value }))];
}

/** The value of the binding that stands at a span; not for bindings inside `mkIf` or `if`, which hang on a condition. */
export function valueOfBinding(root: Expr | undefined, span: Span): Expr | undefined {
  const innermost = root === undefined ? undefined : bindingsAround(root, span)?.at(-1)?.binding;
  return innermost?.start === span.start && innermost.end === span.end ? innermost.value : undefined;
}

/** The module file that only this host reads: where its options stand, else by its name. */
export function ownModule(analysis: Analysis, hostName: string): SetPlace | undefined {
  for (const path of ownFiles(analysis, hostName)) {
    const root = analysis.file(path)?.root;
    const set = root === undefined ? undefined : moduleSet(root);
    if (set !== undefined) return { path, set };
  }
  return undefined;
}

/** The files that only this host reads, the likeliest first, whether they can be edited or not. */
export function ownFiles(analysis: Analysis, hostName: string): readonly string[] {
  const hosts = analysis.fleet().hosts;
  const host = hosts.find(each => each.name === hostName);
  if (host === undefined) return [];
  const others = new Set(hosts.filter(each => each !== host).flatMap(pathsOf));
  const own = pathsOf(host).filter(path => !others.has(path));
  const named = analysis.paths.filter(path => isNamedAfter(path, hostName) && !others.has(path));
  return [...named.filter(each => own.includes(each)), ...own, ...named];
}

function pathsOf(host: Host): string[] {
  return [...new Set([...host.options, ...host.settings].map(fact => fact.span.path))];
}

/** `hosts/NAME.nix`, `hosts/NAME/default.nix`, `NAME/configuration.nix`. */
function isNamedAfter(path: string, hostName: string): boolean {
  const [folder, file] = path.split("/").slice(-2);
  if (file === `${hostName}.nix`) return true;
  return folder === hostName && (file === "default.nix" || file === "configuration.nix");
}
