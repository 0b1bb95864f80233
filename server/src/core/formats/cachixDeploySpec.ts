// The specification that `cachix deploy activate` takes (docs.cachix.org, deploy reference): which store path each agent
// activates. Comes from a file of the workspace; text that is no JSON is a problem, not an exception.

import { isStorePath } from "./storePath";

export interface CachixDeploySpec {
  /** Store path by agent name. */
  readonly agents: ReadonlyMap<string, string>;
  /** Store path by system; run after activation, and its failure rolls back. */
  readonly rollbackScripts: ReadonlyMap<string, string>;
}

export interface CachixDeployProblem {
  readonly kind: "not-json" | "not-an-object" | "no-agents" | "unknown-key" | "not-a-store-path";
  /** Where in the document: ["agents", "web"]. */
  readonly path: readonly string[];
}

export interface CachixDeployReading {
  readonly spec: CachixDeploySpec;
  readonly problems: readonly CachixDeployProblem[];
}

export function parseCachixDeploySpec(text: string): CachixDeployReading {
  const problems: CachixDeployProblem[] = [];
  const document = parseJson(text);
  if (document === undefined || !isObject(document.value)) {
    const kind = document === undefined ? "not-json" : "not-an-object";
    return { spec: { agents: new Map(), rollbackScripts: new Map() }, problems: [{ kind, path: [] }] };
  }
  const { agents, rollbackScript, ...others } = document.value;
  for (const key of Object.keys(others)) problems.push({ kind: "unknown-key", path: [key] });
  if (agents === undefined) problems.push({ kind: "no-agents", path: [] });
  const spec = {
    agents: storePaths("agents", agents ?? {}, problems),
    rollbackScripts: storePaths("rollbackScript", rollbackScript ?? {}, problems),
  };
  return { spec, problems };
}

function storePaths(key: string, value: unknown, problems: CachixDeployProblem[]): Map<string, string> {
  const paths = new Map<string, string>();
  if (!isObject(value)) {
    problems.push({ kind: "not-an-object", path: [key] });
    return paths;
  }
  for (const [name, path] of Object.entries(value)) {
    if (typeof path === "string" && isStorePath(path)) paths.set(name, path);
    else problems.push({ kind: "not-a-store-path", path: [key, name] });
  }
  return paths;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
