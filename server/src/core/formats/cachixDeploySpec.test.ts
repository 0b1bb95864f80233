import { describe, expect, it } from "vitest";
import { parseCachixDeploySpec } from "./cachixDeploySpec";

const PATH = "/nix/store/pf9vi4l8k61zpghlzz6vq5n1974aa1pv-nixos-system-web";

describe("parseCachixDeploySpec", () => {
  it("reads agents and rollback scripts", () => {
    const text = JSON.stringify({ agents: { web: PATH }, rollbackScript: { "x86_64-linux": PATH } });
    const { spec, problems } = parseCachixDeploySpec(text);
    expect([...spec.agents]).toEqual([["web", PATH]]);
    expect([...spec.rollbackScripts]).toEqual([["x86_64-linux", PATH]]);
    expect(problems).toEqual([]);
  });

  it("reports what Cachix refuses and keeps the rest", () => {
    const text = JSON.stringify({ agents: { web: PATH, db: "/home/x", n: 1 }, agent: {} });
    const { spec, problems } = parseCachixDeploySpec(text);
    expect(spec.agents.size).toBe(1);
    expect(problems).toEqual([
      { kind: "unknown-key", path: ["agent"] },
      { kind: "not-a-store-path", path: ["agents", "db"] },
      { kind: "not-a-store-path", path: ["agents", "n"] },
    ]);
  });

  it("reads no other documents", () => {
    expect(parseCachixDeploySpec("{").problems).toEqual([{ kind: "not-json", path: [] }]);
    expect(parseCachixDeploySpec("[]").problems).toEqual([{ kind: "not-an-object", path: [] }]);
    expect(parseCachixDeploySpec("{}").problems).toEqual([{ kind: "no-agents", path: [] }]);
    expect(parseCachixDeploySpec('{"agents":[]}').problems).toEqual([
      { kind: "not-an-object", path: ["agents"] },
    ]);
  });
});
