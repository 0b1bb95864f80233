// Flags of nixos-rebuild and actions in scripts, task files and workflows.

import { expect, test } from "vitest";
import { isScript, readScript } from "./scriptFacts";

function flags(text: string): string[] {
  return readScript("/w/deploy.sh", text).flags.map(({ flag, span }) => {
    expect(text.slice(span.start, span.end)).toBe(flag);
    return flag;
  });
}

test("flags are those of nixos-rebuild alone", () => {
  expect(flags("cargo build --fast\nnixos-rebuild switch --fast && other --fast")).toEqual(["--fast"]);
  expect(
    flags("sudo /run/current-system/sw/bin/nixos-rebuild boot \\\n  --use-remote-sudo\nls --fast"),
  ).toEqual(["--use-remote-sudo"]);
});

test("a nixos-rebuild that is run out of a flake is one too", () => {
  expect(flags("nix run nixpkgs#nixos-rebuild -- switch --use-remote-sudo --flake .#web")).toEqual([
    "--use-remote-sudo",
    "--flake",
  ]);
  expect(flags("nix run github:NixOS/nixpkgs#nixos-rebuild-ng -- boot --fast")).toEqual(["--fast"]);
});

test("flakes that are named by path", () => {
  const named = (text: string): boolean => readScript("/w/deploy.sh", text).pathFlakes;
  expect(
    ["nix build path:.#web", "deploy 'path:/srv/fleet'", "nix flake check path:$PWD"].map(named),
  ).toEqual([true, true, true]);
  expect(
    ["nix build .#web", "# nix build path:.", "export path: no", "rsync host:path:x"].map(named),
  ).toEqual([false, false, false, false]);
});

test("comments say nothing", () => {
  expect(flags("# nixos-rebuild switch --fast\nnixos-rebuild switch # --fast")).toEqual([]);
});

test("the actions of a workflow, with their version", () => {
  const text =
    "steps:\n  - uses: cachix/install-nix-action@v20\n  - name: x\n    uses: 'a/b/c@main' # pinned\n";
  const { actions } = readScript("/w/.github/workflows/ci.yml", text);
  expect(actions.map(({ action, ref }) => [action, ref])).toEqual([
    ["cachix/install-nix-action", "v20"],
    ["a/b", "main"],
  ]);
  expect(actions.map(({ refSpan }) => text.slice(refSpan.start, refSpan.end))).toEqual(["v20", "main"]);
  expect(readScript("/w/compose.yml", text).actions).toEqual([]);
});

test("a step in braces is one", () => {
  const step = (line: string) =>
    readScript("/w/.github/workflows/ci.yml", `steps:\n  ${line}\n`).actions.map(
      ({ action, ref }) => `${action} ${ref}`,
    );
  expect(step("- { uses: a/b@v1 }")).toEqual(["a/b v1"]);
  expect(step('- {name: install, uses: "a/b@v1", with: {name: x}}')).toEqual(["a/b v1"]);
  expect(step("- run: echo '{ uses: a/b@v1 }'")).toEqual([]);
  expect(step("- { run: 'x, uses: a/b@v1 }' }")).toEqual([]);
});

test("which files are scripts", () => {
  expect(["/w/justfile", "/w/Makefile", "/w/a.sh", "/w/.github/workflows/ci.yaml"].every(isScript)).toBe(
    true,
  );
  expect(["/w/flake.nix", "/w/ci.yaml", "/w/README.md"].some(isScript)).toBe(false);
});

test("scripts are known by their names, or by the folder of scripts", () => {
  expect(["/w/justfile", "/w/a.sh", "/w/bin/deploy", "/w/scripts/roll-out"].every(isScript)).toBe(true);
  expect(["/w/deploy", "/w/bin/deploy.py", "/w/scripts/lib/a", "/w/bin/.keep"].some(isScript)).toBe(false);
});
