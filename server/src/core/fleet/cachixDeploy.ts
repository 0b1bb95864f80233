// A Cachix deploy.json: `{"agents": {"NAME": "/nix/store/…"}}`. Each agent is a host that pulls its system.

import type { Span } from "../text/span";
import type { HostDraft } from "./hostDraft";
import type { Reading } from "./reading";

/** Whether a JSON text is a specification for Cachix Deploy. */
export function isDeploySpecification(text: string): boolean {
  return agentsOf(text) !== undefined;
}

function agentsOf(text: string): readonly string[] | undefined {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || !("agents" in value)) return undefined;
  const { agents } = value;
  if (typeof agents !== "object" || agents === null || Array.isArray(agents)) return undefined;
  const paths: readonly unknown[] = Object.values(agents);
  return paths.every(path => typeof path === "string" && path.startsWith("/nix/store/"))
    ? Object.keys(agents)
    : undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function cachixAgents(reading: Reading): HostDraft[] {
  const { ctx, path } = reading;
  ctx.noteRead("file", path);
  const read = ctx.world.ports.files.read(path);
  const text = read.kind === "text" ? read.text : "";
  return (agentsOf(text) ?? []).map((name): HostDraft => {
    const at = text.indexOf(JSON.stringify(name));
    const nameSpan: Span = { path, start: Math.max(at, 0), end: Math.max(at, 0) + name.length + 2 };
    return {
      name,
      definition: {
        tool: "cachix-deploy",
        attrPath: ["agents", name],
        entryPoint: path,
        nameSpan,
        value: { kind: "unknown", span: nameSpan, reason: "a store path" },
      },
      hostname: undefined,
      sshUser: undefined,
      system: undefined,
      tags: [],
      profiles: [],
      options: [],
      settings: [],
      effective: new Map(),
      files: [],
      configuration: undefined,
      why: [],
    };
  });
}
