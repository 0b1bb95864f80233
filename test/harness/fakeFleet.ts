// A fleet put together by hand from where its parts stand in texts, for features that only need to know who is where.

import { type Analysis, AnalysisHost } from "../../server/src/core/analysis";
import { EMPTY_FLEET, type Fleet, type Host } from "../../server/src/core/fleet/fleet";
import type { Span } from "../../server/src/core/text/span";
import { loadParser } from "../../server/src/io/grammar";

const parser = await loadParser();

export interface FakeHost {
  readonly name: string;
  readonly address?: string;
  /** Where it is defined: the file, and the text of the name that stands there. */
  readonly definedAt: readonly [path: string, name: string];
  readonly attrPath: readonly string[];
  /** The modules that it reads; what they say of Nix is the host's. */
  readonly modules: readonly string[];
}

/** A snapshot of these files with these hosts. */
export function analyseWithHosts(files: ReadonlyMap<string, string>, hosts: readonly FakeHost[]): Analysis {
  const host = new AnalysisHost({
    parser,
    rules: [],
    buildFleet: sources => ({ ...EMPTY_FLEET, hosts: hosts.map(each => toHost(each, sources)) }),
  });
  host.apply([...files].map(([path, text]) => ({ path, text })));
  return host.analysis();
}

type Sources = Pick<Analysis, "text" | "facts">;

function toHost(
  { name, address, definedAt, attrPath, modules }: FakeHost,
  sources: Sources,
): Fleet["hosts"][number] {
  const nameSpan = spanOfText(definedAt[0], definedAt[1], sources);
  const facts = modules.flatMap(path => sources.facts(path) ?? []);
  const fake: Host = {
    name,
    tools: ["deploy-rs"],
    hostname:
      address === undefined ? undefined : { known: true, value: address, span: nameSpan, tier: "read" },
    sshUser: undefined,
    system: undefined,
    tags: [],
    profiles: [],
    options: facts.flatMap(each => each.options),
    settings: facts.flatMap(each => each.settings),
    effective: new Map(),
    configuration: { entryPoint: definedAt[0], attrPath },
    why: [],
    files: [],
    definitions: [
      {
        tool: "deploy-rs",
        attrPath,
        entryPoint: definedAt[0],
        nameSpan,
        value: { kind: "unknown", reason: "made by hand", span: nameSpan },
      },
    ],
  };
  return fake;
}

function spanOfText(path: string, text: string, sources: Sources): Span {
  const start = sources.text(path)?.indexOf(text) ?? -1;
  if (start < 0) throw new Error(`${text} does not stand in ${path}`);
  return { path, start, end: start + text.length };
}
