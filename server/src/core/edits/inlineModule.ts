// Modules that have no file of their own: the node of a hive, its `defaults`, and a module in a list that gives one host
// its name.

import type { Analysis } from "../analysis";
import type { Host, HostDefinition } from "../fleet/fleet";
import type { AttrsExpr } from "../syntax/expr";
import type { Span } from "../text/span";
import { bindingsAround, moduleAround } from "./enclosing";
import type { SetPlace } from "./hostPlace";
import { moduleSet } from "./modulePlace";

const HOST_NAME = ["networking", "hostName"];

/** The set in which a host gets its name, or that is its node in a hive; only where no other host comes from there. */
export function inlineModule(analysis: Analysis, hostName: string): SetPlace | undefined {
  const host = analysis.fleet().hosts.find(each => each.name === hostName);
  if (host === undefined) return undefined;
  return nodeModule(analysis, host) ?? namingModule(analysis, host);
}

function nodeModule(analysis: Analysis, host: Host): SetPlace | undefined {
  const node = host.definitions.find(({ tool }) => tool === "colmena");
  if (node === undefined || isShared(analysis, host, nodeSpans, node.nameSpan)) return undefined;
  const { path } = node.nameSpan;
  const root = analysis.file(path)?.root;
  const binding = root === undefined ? undefined : bindingsAround(root, node.nameSpan)?.at(-1)?.binding;
  const set = binding === undefined ? undefined : moduleSet(binding.value);
  return set === undefined ? undefined : { path, set };
}

function nodeSpans(host: Host): Span[] {
  return host.definitions.map(({ nameSpan }) => nameSpan);
}

function namingModule(analysis: Analysis, host: Host): SetPlace | undefined {
  const [span] = nameSpans(host);
  if (span === undefined || isShared(analysis, host, nameSpans, span)) return undefined;
  const root = analysis.file(span.path)?.root;
  const set = root === undefined ? undefined : moduleAround(root, span, HOST_NAME);
  return set === undefined ? undefined : { path: span.path, set };
}

function nameSpans(host: Host): Span[] {
  const name = host.effective.get(HOST_NAME.join("."));
  return name?.kind === "text" ? [name.span] : [];
}

function isShared(analysis: Analysis, host: Host, spansOf: (host: Host) => Span[], span: Span): boolean {
  return analysis
    .fleet()
    .hosts.some(
      other =>
        other !== host && spansOf(other).some(each => each.path === span.path && each.start === span.start),
    );
}

/** The `defaults` of a hive, if these hosts are all of its nodes. */
export function hiveDefaults(analysis: Analysis, hosts: readonly string[]): SetPlace | undefined {
  const nodes = analysis.fleet().hosts.flatMap(host => {
    const definition = host.definitions.find(({ tool }) => tool === "colmena");
    return definition === undefined ? [] : [{ host: host.name, definition }];
  });
  const first = nodes.find(({ host }) => host === hosts[0])?.definition;
  if (first === undefined) return undefined;
  const all = nodes.filter(({ definition }) => definition.entryPoint === first.entryPoint);
  if (all.length !== hosts.length || !all.every(({ host }) => hosts.includes(host))) return undefined;
  const set = defaultsBeside(analysis, first);
  return set === undefined ? undefined : { path: first.nameSpan.path, set };
}

function defaultsBeside(analysis: Analysis, { nameSpan }: HostDefinition): AttrsExpr | undefined {
  const root = analysis.file(nameSpan.path)?.root;
  const hive = root === undefined ? undefined : bindingsAround(root, nameSpan)?.at(-1)?.holder;
  if (hive?.kind !== "attrs") return undefined;
  const defaults = hive.bindings.find(
    binding =>
      binding.kind === "binding" &&
      binding.path.length === 1 &&
      binding.path[0]?.kind === "static" &&
      binding.path[0].name === "defaults",
  );
  return defaults?.kind === "binding" ? moduleSet(defaults.value) : undefined;
}
