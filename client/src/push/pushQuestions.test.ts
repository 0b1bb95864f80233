import { expect, test } from "vitest";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { choosePaths, type PushApp } from "./pushQuestions";

const STORED = `/nix/store/${"0".repeat(32)}-hello`;

function world(script: Script, names: readonly string[]): PushApp {
  const hosts = names.map(name => ({
    name,
    root: "/repo",
    tools: [],
    configuration: name,
    path: "/repo/flake.nix",
  }));
  const snapshot = { entryPoints: [{ kind: "flake", path: "/repo/flake.nix" }] };
  // the parts of App that the question uses
  return { ui: scriptedUi(script).ui, state: { fleet: { hosts, snapshot } } } as never as PushApp;
}

const systemOf = (name: string) => `.#nixosConfigurations.${name}.config.system.build.toplevel`;

test("hosts are built together, a store path is pushed as it is", async () => {
  const both = { cwd: "/repo", references: [systemOf("web"), systemOf("prod")] };
  const hosts = world({ picks: [["web", "prod"]] }, ["web", "prod"]);
  expect(await choosePaths(hosts)).toEqual({ paths: [], build: both });
  const path = world({ picks: [["A Store Path…"]], inputs: [STORED] }, ["web"]);
  expect(await choosePaths(path)).toEqual({ paths: [STORED], build: undefined });
  expect(await choosePaths(world({ inputs: [` ${STORED} `] }, []))).toEqual({
    paths: [STORED],
    build: undefined,
  });
});

test("a path that is chosen beside a host is asked for, too", async () => {
  const app = world({ picks: [["web", "A Store Path…"]], inputs: [STORED] }, ["web"]);
  expect(await choosePaths(app)).toEqual({
    paths: [STORED],
    build: { cwd: "/repo", references: [systemOf("web")] },
  });
});
