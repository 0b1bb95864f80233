// Which place speaks for which hosts: the definition that counts for exactly these hosts, and the module that is a host's
// own. A place that other hosts share is never edited for one of them.

import type { Analysis } from "../analysis";
import { calledName } from "../features/cursor";
import type { Host } from "../fleet/fleet";
import { childrenOf } from "../syntax/children";
import type { Expr } from "../syntax/expr";
import type { Span } from "../text/span";
import { moduleSet } from "./modulePlace";

export interface Definition {
  /** The whole binding. */
  readonly span: Span;
  readonly value: Expr;
}

/** The definition of an option that counts for all of these hosts and for no other; the last one if there are several. */
export function definitionFor(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
): Definition | undefined {
  const users = new Map<string, { readonly span: Span; readonly hosts: Set<string> }>();
  for (const host of analysis.fleet().hosts) {
    for (const span of definitionSpans(host, option)) {
      const id = `${span.path}:${span.start}:${span.end}`;
      const user = users.get(id) ?? { span, hosts: new Set<string>() };
      user.hosts.add(host.name);
      users.set(id, user);
    }
  }
  const exact = [...users.values()].filter(
    user => user.hosts.size === hosts.length && hosts.every(name => user.hosts.has(name)),
  );
  for (const { span } of exact.reverse()) {
    const root = analysis.file(span.path)?.root;
    const value = root === undefined ? undefined : valueOfBinding(root, span);
    if (value !== undefined) return { span, value };
  }
  return undefined;
}

function definitionSpans(host: Host, option: readonly string[]): Span[] {
  const wanted = option.join(".");
  const [nix, settings, name] = option;
  const options = host.options.filter(fact => fact.option.join(".") === wanted).map(fact => fact.span);
  if (nix !== "nix" || settings !== "settings" || option.length !== 3) return options;
  const facts = host.settings.filter(
    fact => fact.name === name && (fact.surface === "option" || fact.surface === "legacy-option"),
  );
  return [...options, ...facts.map(fact => fact.span)];
}

/** The value of the binding that stands at a span; not for bindings inside `mkIf` or `if`, which hang on a condition. */
function valueOfBinding(expr: Expr, span: Span): Expr | undefined {
  if (expr.start > span.start || expr.end < span.end) return undefined;
  if (expr.kind === "if" || (expr.kind === "apply" && calledName(expr) === "mkIf")) return undefined;
  for (const child of childrenOf(expr)) {
    const found = valueOfBinding(child, span);
    if (found !== undefined) return found;
  }
  if (expr.kind !== "attrs" && expr.kind !== "let") return undefined;
  const binding = expr.bindings.find(each => each.start === span.start && each.end === span.end);
  return binding?.kind === "binding" ? binding.value : undefined;
}

/** The module file that only this host reads: where its options stand, else by its name. */
export function ownModule(analysis: Analysis, hostName: string): string | undefined {
  const hosts = analysis.fleet().hosts;
  const host = hosts.find(each => each.name === hostName);
  if (host === undefined) return undefined;
  const others = new Set(hosts.filter(each => each !== host).flatMap(pathsOf));
  const own = pathsOf(host).filter(path => !others.has(path));
  const named = analysis.paths.filter(path => isNamedAfter(path, hostName) && !others.has(path));
  const candidates = [...named.filter(path => own.includes(path)), ...own, ...named];
  return candidates.find(path => {
    const root = analysis.file(path)?.root;
    return root !== undefined && moduleSet(root) !== undefined;
  });
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
