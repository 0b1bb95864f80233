// The built command line as other programs see it: shapes, exit codes, and what it makes of bad input.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RULES } from "../server/src/core/rules/index";
import { LspClient } from "./harness/lspClient";

const ROOT = path.resolve(__dirname, "..");
const CLI = path.join(ROOT, "server/dist/cli.js");
const scratch = mkdtempSync(path.join(tmpdir(), "nix-deploy-contract-"));

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ["scripts/build.mjs", "--only=server/src/cli.ts"], {
    cwd: ROOT,
  });
}, 60_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return runIn(scratch, ...args);
}

function runIn(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise(resolve => {
    execFile(process.execPath, [CLI, ...args], { cwd, timeout: 60_000 }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err }),
    );
  });
}

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(path.join(scratch, "workspace-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

/** The schema as OASIS published it; the package holds it for its own matchers. */
function sarifValidator() {
  const schema = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const validator = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(validator);
  return validator.compile(JSON.parse(readFileSync(schema, "utf8")));
}

const FLAKE = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.deploy-rs.url = "github:serokell/deploy-rs";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ./hosts/web.nix ]; };
    deploy.nodes.web = {
      hostname = "web.example.org";
      sshUser = "root";
      magicRolback = false;
      profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
    };
  };
}
`;
const WEB = '{ nix.settings.substituters = [ "htps://cache.example.org" ]; nix.sshServe.enable = true; }\n';
const FILES = { "flake.nix": FLAKE, "hosts/web.nix": WEB };

test("check as JSON: relative paths, ranges from 0, related places, fixes, counts", async () => {
  const { code, out, err } = await run("check", folderWith(FILES), "--format", "json");
  const report = JSON.parse(out);
  expect([code, err]).toEqual([1, ""]);
  expect(Object.keys(report)).toEqual(["version", "findings", "files", "hosts"]);
  expect([report.version, report.files, report.hosts]).toEqual([1, 2, 1]);
  for (const finding of report.findings) {
    expect(Object.keys(finding)).toEqual([
      "code",
      "severity",
      "message",
      "path",
      "range",
      "related",
      "fixes",
    ]);
    expect(["error", "warning", "information", "hint"]).toContain(finding.severity);
    expect(finding.path).not.toMatch(/^\//);
  }
  expect(report.findings.find((each: { code: string }) => each.code === "deploy-unknown-setting")).toEqual({
    code: "deploy-unknown-setting",
    severity: "warning",
    message:
      'deploy-rs knows no setting "magicRolback" in a node and ignores it; did you mean magicRollback?',
    path: "flake.nix",
    range: { start: { line: 8, character: 6 }, end: { line: 8, character: 18 } },
    related: [],
    fixes: [{ title: "Rename to magicRollback", safety: "safe" }],
  });
});

test("fleet as JSON: every promised field of hosts, caches, keys and entry points", async () => {
  const { code, out, err } = await run("fleet", folderWith(FILES), "--format", "json");
  const report = JSON.parse(out);
  expect([code, err]).toEqual([0, ""]);
  expect(report.version).toBe(1);
  expect(report.hosts).toEqual([
    {
      name: "web",
      tools: ["deploy-rs", "nixos-rebuild"],
      hostname: "web.example.org",
      sshUser: "root",
      sshOpts: [],
      system: "x86_64-linux",
      tags: [],
      profiles: [{ name: "system", user: "root", sshUser: "root" }],
      substituters: ["htps://cache.example.org", "https://cache.nixos.org/"],
      trustedPublicKeys: ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="],
      sshServe: { enable: true, protocol: "ssh", write: false, keys: [] },
      unknown: [],
      path: "flake.nix",
      range: { start: { line: 5, character: 17 }, end: { line: 5, character: 20 } },
      root: ".",
      configuration: "web",
    },
  ]);
  expect(report.caches[0]).toMatchObject({
    url: "htps://cache.example.org",
    usedBy: ["web"],
    path: "hosts/web.nix",
  });
  expect(report.keys[0]).toMatchObject({ name: "cache.nixos.org-1", trustedBy: ["web"] });
  expect(report.entryPoints).toEqual([{ path: "flake.nix", kind: "flake", complete: true, why: [] }]);
});

test("the caches of a host are those of extra- settings and of nix.extraOptions too", async () => {
  const web = `{
  nix.settings.extra-substituters = [ "https://extra.example.org" ];
  nix.extraOptions = "extra-substituters = https://text.example.org";
}
`;
  const { out } = await run("fleet", folderWith({ ...FILES, "hosts/web.nix": web }), "--format", "json");
  const { hosts, caches } = JSON.parse(out);
  const urls = ["https://cache.nixos.org/", "https://extra.example.org", "https://text.example.org"];
  expect(hosts[0].substituters).toEqual(urls);
  expect(caches.map(({ url }: { url: string }) => url)).toEqual(urls);
}, 60_000);

test("fleet as text: one line a host, and what could not be read", async () => {
  const { out } = await run("fleet", folderWith(FILES));
  expect(out).toBe("web [deploy-rs, nixos-rebuild] root@web.example.org x86_64-linux flake.nix:6\n1 host\n");
  const partly = await run("fleet", folderWith({ "flake.nix": "{ outputs = { self, other }: other.all; }" }));
  expect(partly.out).toMatch(/^0 hosts\nflake\.nix was not read completely:\n {2}outputs: .+\n$/);
});

test("SARIF is what its schema asks for, with places from 1", async () => {
  const { out } = await run("check", folderWith(FILES), "--format", "sarif");
  const log = JSON.parse(out);
  const validate = sarifValidator();
  validate(log);
  expect(validate.errors).toBeNull();
  log.runs[0].results[0].level = "fatal";
  expect(validate(log)).toBe(false);
  log.runs[0].results[0].level = "error";
  expect(log).toMatchObject({ version: "2.1.0", $schema: expect.stringMatching(/sarif-2\.1\.0\.json$/) });
  const [{ tool, results, columnKind }] = log.runs;
  expect([tool.driver.name, columnKind]).toEqual(["nix-deploy", "utf16CodeUnits"]);
  const ids = tool.driver.rules.map((rule: { id: string }) => rule.id);
  expect(ids).toEqual(RULES.map(rule => rule.meta.code));
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    expect(ids[ruleIndex]).toBe(ruleId);
    expect(["error", "warning", "note"]).toContain(level);
    expect(message.text).not.toBe("");
    const { artifactLocation, region } = locations[0].physicalLocation;
    expect(artifactLocation.uri).toMatch(/^[^/:][^:]*$/);
    expect(Math.min(region.startLine, region.startColumn, region.endLine, region.endColumn)).toBeGreaterThan(
      0,
    );
  }
});

test("GitHub's format is one command a finding", async () => {
  const { code, out } = await run("check", folderWith(FILES), "--format", "github");
  expect(code).toBe(1);
  const command =
    /^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,title=[a-z-]+::\S.*$/;
  for (const line of out.trimEnd().split("\n")) expect(line).toMatch(command);
});

test("0 below the threshold, 1 at it, 2 for wrong usage with one line on stderr", async () => {
  const folder = folderWith({ "a.nix": "{ nix.settings.substituters = [ https://a.example.org ]; }" });
  expect((await run("check", folder)).code).toBe(0);
  expect((await run("check", folder, "--fail-on", "hint")).code).toBe(1);
  for (const args of [
    [],
    ["bogus"],
    ["check", "--bogus"],
    ["check", "/does/not/exist"],
    ["check", ""],
    ["help", "bogus"],
    ["rules", "bogus"],
    ["eval", path.join(folder, "a.nix"), "--attr", "a..b"],
    ["keygen", "a".repeat(300)],
    ["keygen", "a", "--out", "/proc"],
    ["fleet", "a", "b"],
    ["fleet", "--format", "sarif"],
  ]) {
    const { code, err } = await run(...args);
    expect([args, code]).toEqual([args, 2]);
    if (args.length > 0) expect(err).toMatch(/^nix-deploy: [^\n]+\n$/);
  }
}, 60_000);

test("bad input is left out, and the rest is checked", async () => {
  const big = `{ nix.settings.substituters = [ "htps://a.example.org" ]; } # ${"x".repeat(1_100_000)}`;
  const folder = folderWith({
    ...FILES,
    "big.nix": big,
    "garbage.nix": Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)),
    "latin.nix": Buffer.from([0x7b, 0x20, 0x23, 0xe9, 0x0a, 0x7d]),
    "deep.nix": "[".repeat(50_000),
  });
  symlinkSync(folder, path.join(folder, "loop"));
  symlinkSync(path.join(folder, "nowhere.nix"), path.join(folder, "gone.nix"));
  const { code, out, err } = await run("check", folder, "--format", "json");
  const codes = JSON.parse(out).findings.map((each: { code: string; path: string }) => [
    each.path,
    each.code,
  ]);
  expect(code).toBe(1);
  expect(codes).toContainEqual(["hosts/web.nix", "substituter-unknown-scheme"]);
  expect(codes.filter(([file]: [string]) => file.startsWith("loop"))).toEqual([]);
  for (const line of err.trimEnd().split("\n")) expect(line).toMatch(/^nix-deploy: \S+ .*left out$/);
  expect(err).toContain("garbage.nix");
}, 60_000);

test("a single file that is no text is unreadable input", async () => {
  const folder = folderWith({ "garbage.nix": Buffer.from([0, 1, 2, 255]) });
  const { code, err } = await run("check", path.join(folder, "garbage.nix"));
  expect(code).toBe(2);
  expect(err).toMatch(/^nix-deploy: [^\n]+garbage\.nix [^\n]+\n$/);
});

test("help of one command is asked for in every usual way", async () => {
  for (const args of [
    ["check", "--help"],
    ["check", "-h"],
    ["help", "check"],
  ]) {
    const { code, out } = await run(...args);
    expect([args, code, out.split("\n")[0]?.slice(0, 29)]).toEqual([
      args,
      0,
      "usage: nix-deploy check [PATH",
    ]);
  }
}, 60_000);

test("a disk that takes no more is one line on stderr, a reader that has seen enough is none", async () => {
  const folder = folderWith(FILES);
  const shell = (command: string): Promise<Ended> =>
    new Promise(resolve => {
      const args = ["-c", command, process.execPath, CLI, folder];
      execFile("bash", args, { timeout: 60_000 }, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err }),
      );
    });
  const full = await shell('"$0" "$1" check "$2" > /dev/full');
  expect(full.code).toBe(2);
  expect(full.err).toMatch(/^nix-deploy: the result cannot be written: [^\n]+\n$/);
  const head = await shell('"$0" "$1" rules | head -n 1; exit ${PIPESTATUS[0]}');
  expect([head.code, head.err, head.out.split("\n").length]).toEqual([0, "", 2]);
}, 60_000);

const BLANKED = "my hosts/web one.nix";
const FIXABLE = {
  [BLANKED]: '{ nix.settings.substituters = [ "htps://a.example.org" ]; }',
  "crlf.nix": '{\r\n  nix.settings.substituters = [ "htps://a.example.org" ];\r\n}\r\n',
  'quo"te.nix': '{ nix.settings.substituters = [ "htps://a.example.org" ]; }\n',
};

test("what fix would do is a patch that Git takes, and is what fix does", async () => {
  const [shown, fixed] = [folderWith(FIXABLE), folderWith(FIXABLE)];
  const { code, out } = await run("fix", shown, "--dry-run");
  expect(code).toBe(0);
  expect(out).toContain(`--- a/${BLANKED}\t\n`);
  writeFileSync(path.join(scratch, "fix.patch"), out);
  await promisify(execFile)("git", ["init", "-q"], { cwd: shown });
  await promisify(execFile)("git", ["apply", path.join(scratch, "fix.patch")], { cwd: shown });
  expect((await run("fix", fixed)).out).toMatch(/fixed 3 files\n$/);
  for (const name of Object.keys(FIXABLE)) {
    const text = readFileSync(path.join(fixed, name), "utf8");
    expect(text).toBe(FIXABLE[name as keyof typeof FIXABLE].replace("htps", "https"));
    expect(readFileSync(path.join(shown, name), "utf8")).toBe(text);
  }
  expect((await run("fix", fixed)).out).toBe("nothing to fix\n");
}, 60_000);

test("no fix is applied after which Nix would refuse the file", async () => {
  const text = `{
  nix.settings.substituters = [ "htps://a.example.org" ];
  nix.binaryCaches = [ "https://b.example.org" ];
}
`;
  const folder = folderWith({ "a.nix": text });
  const { out } = await run("fix", folder);
  expect(readFileSync(path.join(folder, "a.nix"), "utf8")).toBe(text.replace("htps", "https"));
  expect(out).toBe("a.nix: Replace by https://a.example.org [substituter-unknown-scheme]\nfixed 1 file\n");
}, 60_000);

test("the command lines of README.md and of the page about CI work on the example fleet", async () => {
  const folder = folderWith({});
  cpSync(path.join(ROOT, "examples/fleet"), folder, { recursive: true });
  const commands = ["README.md", "docs/ci.md"].flatMap(page =>
    [
      ...readFileSync(path.join(ROOT, page), "utf8").matchAll(
        /^(?: *- run: npx --yes | +run: npx --yes )?nix-deploy(?:@[\d.]+)? (.+?)(?: +#.*| >.*)?$/gm,
      ),
    ].map(match => (match[1] ?? "").replace("~", folder).split(" ")),
  );
  for (const name of ["check", "fix", "fleet", "eval", "keygen", "rules"])
    expect(commands.map(([first]) => first)).toContain(name);
  for (const [name = "", ...args] of commands) {
    const { code, out } = await runIn(folder, name, ...args);
    // its mistakes are deliberate
    expect([name, ...args, code]).toEqual([name, ...args, name === "check" ? 1 : 0]);
    expect(out).not.toBe("");
  }
}, 120_000);

test("lsp --stdio serves an editor, and ends as it asks", async () => {
  const root = folderWith({ "a.nix": '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }\n' });
  const client = await LspClient.start({ roots: [root], transport: "nix-deploy lsp" });
  try {
    await client.open("a.nix");
    await client.untilDiagnostics("a.nix", diagnostics => diagnostics.length > 0);
    expect(client.codes("a.nix")).toContain("substituter-unknown-scheme");
    await client.request("shutdown");
    await client.connection.sendNotification("exit");
    expect(await client.exited).toBe(0);
  } finally {
    client.process.kill();
  }
});

test("lsp without --stdio says what is missing", async () => {
  expect(await run("lsp")).toEqual({
    code: 2,
    out: "",
    err: "nix-deploy: the server speaks over stdio: nix-deploy lsp --stdio\n",
  });
});
