// The command line in process: exit codes, output formats, and what it refuses.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { check } from "../server/src/cli/check";
import type { Command } from "../server/src/cli/command";
import { evaluate } from "../server/src/cli/eval";
import type { FindingsReport } from "../server/src/cli/findingsReport";
import { fix } from "../server/src/cli/fix";
import { formatSarif } from "../server/src/cli/formatSarif";
import { keygen } from "../server/src/cli/keygen";
import { rules } from "../server/src/cli/rules";
import { unifiedDiff } from "../server/src/cli/unifiedDiff";
import { parseCacheKey, parseCacheSecretKey } from "../server/src/core/formats/cacheKey";
import { RULES } from "../server/src/core/rules/index";

const TYPO = '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }\n';
const FIXED = '{ nix.settings.substituters = [ "https://cache.example.org" ]; }\n';
const scratch = mkdtempSync(path.join(tmpdir(), "nix-deploy-cli-"));

afterAll(async () => {
  const { rm } = await import("node:fs/promises");
  await rm(scratch, { recursive: true, force: true });
});

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(path.join(scratch, "workspace-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

async function run(command: Command, ...args: readonly string[]) {
  let out = "";
  const warnings: string[] = [];
  const output = {
    print: (text: string) => {
      out += text;
    },
    warn: (line: string) => void warnings.push(line),
  };
  const code = await command.run(args, output);
  return { code, out, warnings };
}

test("check prints findings as JSON of the promised shape, with paths relative to PATH", async () => {
  const folder = folderWith({ "hosts/a.nix": TYPO, "b.nix": "{ }" });
  const { code, out } = await run(check, folder, "--format", "json");
  const report: FindingsReport = JSON.parse(out);
  expect(code).toBe(1);
  expect(report).toEqual({
    version: 1,
    findings: [
      {
        code: "substituter-unknown-scheme",
        severity: "error",
        message: expect.stringContaining("htps"),
        path: "hosts/a.nix",
        range: { start: { line: 0, character: 33 }, end: { line: 0, character: 37 } },
        related: [],
        fixes: [{ title: "Replace by https://cache.example.org", safety: "safe" }],
      },
    ],
    files: 2,
    hosts: 0,
  });
});

test("check of a flake sees what Git tracks, also in a folder of the work tree", async () => {
  const flake = `{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./web.nix ]; };
  }; }`;
  const folder = folderWith({ "fleet/flake.nix": flake, "fleet/web.nix": "{ }" });
  expect((await run(check, path.join(folder, "fleet"))).code).toBe(0);
  execFileSync("git", ["-C", folder, "init", "-q"]);
  execFileSync("git", ["-C", folder, "add", "fleet/flake.nix"]);
  const { code, out } = await run(check, path.join(folder, "fleet"));
  expect(code).toBe(1);
  expect(out).toContain("web.nix is not tracked by Git, so the flake does not see it (git add -N web.nix)");
});

test("check exits 0 below the threshold and on a clean folder", async () => {
  const hint = folderWith({ "a.nix": "{ nix.settings.substituters = [ https://a.example.org ]; }" });
  expect((await run(check, hint)).code).toBe(0);
  expect((await run(check, hint, "--fail-on", "hint")).code).toBe(1);
  expect((await run(check, folderWith({ "a.nix": "{ }" }))).out).toBe("0 findings in 1 file\n");
});

test("check takes single files", async () => {
  const folder = folderWith({ "a.nix": TYPO, "b.nix": TYPO });
  const { out } = await run(check, path.join(folder, "a.nix"));
  expect(out).toMatch(/^a\.nix:1:34: error: .*\[substituter-unknown-scheme\]\n1 finding in 1 file; /);
});

test("check leaves out what is no text, and says so", async () => {
  const folder = folderWith({ "a.nix": TYPO, "garbage.nix": Buffer.from([0, 1, 2, 255]) });
  const { code, warnings } = await run(check, folder);
  expect(code).toBe(1);
  expect(warnings).toEqual([expect.stringContaining("garbage.nix")]);
});

test("GitHub annotations are escaped", async () => {
  const { out } = await run(check, folderWith({ "a,b.nix": TYPO }), "--format", "github");
  expect(out).toMatch(
    /^::error file=a%2Cb\.nix,line=1,endLine=1,col=34,endColumn=37,title=substituter-unknown-scheme::/,
  );
});

test("SARIF names every rule and points at the place", async () => {
  const { out } = await run(check, folderWith({ "a b.nix": TYPO }), "--format", "json");
  const sarif = JSON.parse(formatSarif(JSON.parse(out), RULES, "1.2.3"));
  expect(sarif.version).toBe("2.1.0");
  const [{ tool, results }] = sarif.runs;
  expect(tool.driver.rules).toHaveLength(RULES.length);
  expect(tool.driver.rules[results[0].ruleIndex].id).toBe("substituter-unknown-scheme");
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "a%20b.nix" },
    region: { startLine: 1, startColumn: 34, endLine: 1, endColumn: 38 },
  });
});

test.each([
  ["an unknown option", check, ["--bogus"], /Unknown option '--bogus'/],
  ["an unknown format", check, ["--format", "xml"], /--format must be one of text, json, sarif, github/],
  ["a path that does not exist", check, ["/does/not/exist"], /no such file or folder/],
  ["an unknown rule", rules, ["no-such-rule"], /there is no rule "no-such-rule"/],
  ["a key without a name", keygen, [], /usage: nix-deploy keygen NAME/],
  ["a key name that Nix cannot read again", keygen, ["a:b"], /it holds a colon/],
  ["a key inside a Git work tree", keygen, ["a-1", "--out", "test"], /Git work tree/],
  ["a file that is not there", evaluate, ["/does/not/exist.nix"], /no such file/],
] as const)("%s is wrong usage, in one line", async (_, command, args, message) => {
  const error: unknown = await run(command, ...args).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "UserError", message: expect.stringMatching(message) });
  expect(String(error)).not.toContain("\n");
});

test("fix shows a diff and changes nothing, then applies the same", async () => {
  const folder = folderWith({ "a.nix": TYPO });
  const dry = await run(fix, folder, "--dry-run");
  expect(dry.out).toBe(`--- a/a.nix\n+++ b/a.nix\n@@ -1 +1 @@\n-${TYPO}+${FIXED}`);
  expect(readFileSync(path.join(folder, "a.nix"), "utf8")).toBe(TYPO);
  expect((await run(fix, folder)).out).toContain("fixed 1 file");
  expect(readFileSync(path.join(folder, "a.nix"), "utf8")).toBe(FIXED);
  expect((await run(fix, folder)).out).toBe("nothing to fix\n");
});

test("keygen writes a pair that belongs together, private, once", async () => {
  const folder = folderWith({});
  const { out } = await run(keygen, "host-1", "--out", folder);
  const secretFile = path.join(folder, "host-1.secret");
  const secret = parseCacheSecretKey(readFileSync(secretFile, "utf8"));
  expect(statSync(secretFile).mode & 0o777).toBe(0o600);
  expect(parseCacheKey(out.trim()).kind).toBe("key");
  expect(secret.kind === "key" && secret.key.name).toBe("host-1");
  expect(out.trim()).toBe(readFileSync(path.join(folder, "host-1.pub"), "utf8"));
  await expect(run(keygen, "host-1", "--out", folder)).rejects.toThrow(/exists: it is not overwritten/);
});

test("rules lists every rule and prints a page", async () => {
  expect((await run(rules)).out.trimEnd().split("\n")).toHaveLength(RULES.length);
  expect((await run(rules, "key-malformed")).out).toMatch(/^# key-malformed\n/);
});

test("eval prints JSON, marks what is unknown, and fails on an error", async () => {
  const folder = folderWith({ "a.nix": "{ pkgs ? null, ... }: { a = 1 + 1; b = throw ''no''; }" });
  const file = path.join(folder, "a.nix");
  expect(JSON.parse((await run(evaluate, file, "--attr", "a")).out)).toBe(2);
  const failed = await run(evaluate, file, "--attr", "b");
  expect(failed.code).toBe(1);
  expect(failed.warnings).toEqual([expect.stringMatching(/a\.nix:1:\d+: .*no/)]);
});

test("eval of a flake finds its outputs by name, and what the file itself has", async () => {
  const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { self, nixpkgs }: {
    deploy.nodes = nixpkgs.lib.mapAttrs (name: _: { hostname = name; }) self.hosts;
    hosts.web = { };
  };
}`;
  const file = path.join(folderWith({ "flake.nix": flake }), "flake.nix");
  const answer = async (attr: string) => JSON.parse((await run(evaluate, file, "--attr", attr)).out);
  expect(await answer("deploy.nodes")).toEqual({ web: { hostname: "web" } });
  expect(await answer("inputs.nixpkgs.url")).toBe("github:NixOS/nixpkgs");
  const missing = await run(evaluate, file, "--attr", "deploy.node");
  expect(missing.warnings).toEqual([expect.stringContaining("attribute 'node' missing")]);
});

test("a diff of far places has several hunks and survives a missing last line break", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const after = lines.map((line, i) => (i === 1 || i === 19 ? `${line}!` : line));
  const diff = unifiedDiff("f", lines.join("\n"), after.join("\n"));
  expect(diff.match(/^@@ .* @@$/gm)).toEqual(["@@ -1,5 +1,5 @@", "@@ -17,4 +17,4 @@"]);
  expect(diff.match(/No newline at end of file/g)).toHaveLength(2);
});
