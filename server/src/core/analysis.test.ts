// The façade: what is recomputed, what is silenced, what survives a crash.

import { expect, test } from "vitest";
import { loadParser } from "../../../server/src/io/grammar";
import { AnalysisHost, DEFAULT_CONFIG } from "./analysis";
import { EMPTY_FLEET } from "./fleet/fleet";
import { MAX_FINDINGS } from "./rules/engine";
import { RULES } from "./rules/index";
import type { Rule } from "./rules/rule";

const parser = await loadParser();
const A = "/w/a.nix";
const TYPO = '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }';

function rule(code: string, checkFile: NonNullable<Rule["checkFile"]>): Rule {
  const docs = { summary: "Test", why: "", bad: [], good: [] };
  return { meta: { code, category: "keys", severity: "error", since: "0", fix: "none", docs }, checkFile };
}

function counting() {
  const parsed: string[] = [];
  const counted = {
    parse: (path: string, text: string) => {
      parsed.push(path);
      return parser.parse(path, text);
    },
  };
  return { parsed, parser: counted };
}

test("only changed files are read again", () => {
  const { parsed, parser: counted } = counting();
  const host = new AnalysisHost({ parser: counted });
  host.apply([A, "/w/b.nix"].map(path => ({ path, text: TYPO })));
  expect(host.analysis().allFindings().size).toBe(2);
  host.apply([{ path: A, text: "{ }" }]);
  expect(host.analysis().allFindings().size).toBe(1);
  expect(parsed).toEqual([A, "/w/b.nix", A]);
});

test("an equal text is no change, and a snapshot never changes", () => {
  const host = new AnalysisHost({ parser });
  host.apply([{ path: A, text: TYPO }]);
  const before = host.analysis();
  host.apply([{ path: A, text: TYPO }]);
  expect(host.analysis().revision).toBe(before.revision);
  host.apply([{ path: "/w", gone: true }]);
  expect(host.analysis().paths).toEqual([]);
  expect(before.findings(A)).toHaveLength(1);
});

test("a file that is encrypted is there and not read, until it is decrypted", () => {
  const host = new AnalysisHost({ parser });
  const secret = (text: string) => host.apply([{ path: "/w/secret.nix", text }]);
  secret('{\n\t"data": "ENC[AES256_GCM,data:d2OQe1,iv:Zm9v,tag:YmFy,type:str]"\n}');
  expect(host.analysis().paths).toEqual([]);
  expect(host.analysis().allFindings().size).toBe(0);
  secret(TYPO);
  expect([...host.analysis().allFindings().keys()]).toEqual(["/w/secret.nix"]);
});

test("a severity of the configuration replaces the rule's own, and off silences it", () => {
  const host = new AnalysisHost({ parser });
  host.apply([{ path: A, text: TYPO }]);
  const withSeverity = (severity: "hint" | "off") =>
    host.analysis({ ...DEFAULT_CONFIG, severities: { "substituter-unknown-scheme": severity } }).findings(A);
  expect(withSeverity("hint").map(finding => finding.severity)).toEqual(["hint"]);
  expect(withSeverity("off")).toEqual([]);
});

test("a rule that crashes is data, and the others stand", () => {
  const broken = rule("broken", () => {
    throw new Error("oops");
  });
  const host = new AnalysisHost({ parser, rules: [broken, ...RULES] });
  host.apply([{ path: A, text: TYPO }]);
  expect(host.analysis().findings(A)).toHaveLength(1);
  expect(host.analysis().crashes).toMatchObject([{ where: "broken", path: A, message: "oops" }]);
});

test("a fleet that cannot be built is data, and a file's own findings stand", () => {
  const host = new AnalysisHost({
    parser,
    buildFleet: () => {
      throw new Error("no fleet");
    },
  });
  host.apply([{ path: A, text: TYPO }]);
  expect(host.analysis().findings(A)).toHaveLength(1);
  expect(host.analysis().fleet()).toEqual(EMPTY_FLEET);
  expect(host.analysis().crashes).toMatchObject([{ where: "fleet", message: "no fleet" }]);
});

test("the same finding is given once, in order, and not more than can be read", () => {
  const noisy = rule("noisy", (ctx, report) => {
    const { path } = ctx.facts;
    for (let i = 300; i > 0; i--) {
      report({ span: { path, start: i, end: i + 1 }, message: "again" });
      report({ span: { path, start: i, end: i + 1 }, message: "again" });
    }
  });
  const host = new AnalysisHost({ parser, rules: [noisy] });
  host.apply([{ path: A, text: "{ }".padEnd(400) }]);
  const starts = host
    .analysis()
    .findings(A)
    .map(({ span }) => span.start);
  expect(starts).toEqual(Array.from({ length: MAX_FINDINGS }, (_, i) => i + 1));
});

test("what evaluation found for a host is judged by the same rules, once", () => {
  const source = new AnalysisHost({ parser });
  source.apply([{ path: A, text: TYPO }]);
  const facts = source.analysis().facts(A);
  const { options = [], settings = [] } = facts ?? {};
  const unplaced = { hostname: undefined, sshUser: undefined, system: undefined };
  const host = {
    name: "h",
    tools: [],
    tags: [],
    profiles: [],
    effective: new Map(),
    files: [],
    definitions: [],
    configuration: undefined,
    why: [],
    ...unplaced,
  };
  const fleetHost = new AnalysisHost({
    parser,
    buildFleet: () => ({ ...EMPTY_FLEET, hosts: [{ ...host, options, settings }] }),
  });
  fleetHost.apply([{ path: A, text: TYPO }]);
  expect(fleetHost.analysis().ownFindings(A)).toHaveLength(1);
  expect(fleetHost.analysis().findings(A)).toHaveLength(1);
  fleetHost.apply([{ path: A, text: "{ }" }]);
  expect(fleetHost.analysis().ownFindings(A)).toEqual([]);
  expect(
    fleetHost
      .analysis()
      .findings(A)
      .map(finding => finding.code),
  ).toEqual(["substituter-unknown-scheme"]);
});

test.each([
  [
    "on its line",
    '{ nix.settings.substituters = [ "htps://a" ]; } # nix-deploy: ignore substituter-unknown-scheme',
    0,
  ],
  ["on the line above", `# nix-deploy: ignore key-malformed, substituter-unknown-scheme\n${TYPO}`, 0],
  [
    "among others without commas",
    `# nix-deploy: ignore key-malformed substituter-unknown-scheme\n${TYPO}`,
    0,
  ],
  ["with an explanation", `# nix-deploy: ignore substituter-unknown-scheme because I say so\n${TYPO}`, 0],
  [
    "as a word of an explanation",
    `# nix-deploy: ignore key-malformed not substituter-unknown-scheme\n${TYPO}`,
    1,
  ],
  ["above further comments", `# nix-deploy: ignore substituter-unknown-scheme\n# see the manual\n${TYPO}`, 0],
  ["two lines above", `# nix-deploy: ignore substituter-unknown-scheme\n\n${TYPO}`, 1],
  ["of another rule", `# nix-deploy: ignore key-malformed\n${TYPO}`, 1],
  [
    "behind code of the line above",
    `{ nix.settings.substituters = [ # nix-deploy: ignore substituter-unknown-scheme\n"htps://a" ]; }`,
    1,
  ],
])("a suppression %s", (_, text, count) => {
  const host = new AnalysisHost({ parser });
  host.apply([{ path: A, text }]);
  expect(host.analysis().findings(A)).toHaveLength(count);
});

test("rules about the language itself are silent where another extension speaks", () => {
  const host = new AnalysisHost({ parser });
  host.apply([{ path: A, text: "{ a = nope; b = 1; b = 2; }" }]);
  const codes = (languageDiagnostics: boolean) =>
    host
      .analysis({ severities: {}, languageDiagnostics })
      .findings(A)
      .map(finding => finding.code);
  expect(codes(true)).toEqual(["undefined-variable", "duplicate-attribute"]);
  expect(codes(false)).toEqual([]);
});
