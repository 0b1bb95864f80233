import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { factsOf, generationOf, NOW, observed, systemPath } from "../../../test/harness/observations";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import type { LedgerEntry } from "../state/ledger";
import { explainFindings, type Knowledge, listHosts, type ShownFinding, showDrift } from "./answers";
import { findingInput, hostInput, listInput, planInput } from "./inputs";

const web = hostOf({ name: "web", hostname: "10.0.0.1", sshUser: "root", tags: ["prod"] });
const mail = hostOf({ name: "mail", unknown: ["hostname"] });
const landed: LedgerEntry = {
  version: 1,
  id: "1",
  run: "1",
  at: "2026-03-01T10:00:00Z",
  who: "me",
  host: "web",
  action: "deploy",
  tool: "direct",
  root: "/w",
  commit: "abc",
  dirty: true,
  previousSystem: null,
  newSystem: systemPath(2),
  outcome: "landed",
  why: "",
  cancelled: false,
  clean: true,
  phases: [],
};
const knowledge: Knowledge = {
  fleet: fleetOf([web, mail]),
  observation: name =>
    name === "web"
      ? observed(factsOf({ failedUnits: ["nginx.service"], generations: [generationOf(1)] }))
      : undefined,
  ledger: [landed],
  now: NOW + 120_000,
};

test("hosts are listed with what is known and what is not", () => {
  expect(listHosts(knowledge, undefined)).toBe(
    "- web: address 10.0.0.1; tools deploy-rs; tags prod; answered 2 min ago\n- mail: address not known by reading; tools deploy-rs; not known by reading: hostname; not asked yet",
  );
  expect(listHosts(knowledge, "prod")).not.toContain("mail");
  expect(listHosts(knowledge, "dev")).toBe("No host has the tag dev.");
  expect(listHosts({ ...knowledge, fleet: undefined }, undefined)).toMatch(/has been read/);
});

test("drift: what runs, against what was deployed from here", () => {
  const text = showDrift(knowledge, "web");
  expect(text).toContain("It does NOT run what was last deployed from here.");
  expect(text).toContain("Failed units: nginx.service.");
  expect(text).toContain("commit abc with further changes");
  expect(showDrift(knowledge, "mail")).toContain("It has not told what it runs.");
  expect(showDrift(knowledge, "nope")).toBe("There is no host nope. Hosts: web, mail.");
});

test("findings are explained with the page of their rule", () => {
  const finding: ShownFinding = {
    path: "/w/flake.nix",
    line: 3,
    code: "key-malformed",
    severity: "error",
    message: "not a key, token=abc123",
    related: ["/w/a.nix:1: first here"],
  };
  const page = (code: string) => (code === "key-malformed" ? "# key-malformed" : undefined);
  const asked = { path: "flake.nix", code: undefined };
  expect(explainFindings([finding], asked, page)).toBe(
    "- /w/flake.nix:3: error key-malformed: not a key, token=<redacted>\n  - /w/a.nix:1: first here\n\n# key-malformed",
  );
  expect(explainFindings([finding], { path: "other.nix", code: undefined }, page)).toBe(
    "There is no such finding.",
  );
  expect(explainFindings([], { path: undefined, code: "key-malformed" }, page)).toContain("# key-malformed");
});

test("what models send is read with care", () => {
  for (const junk of [
    undefined,
    null,
    7,
    "x",
    [],
    { host: 7, hosts: "web", tag: {}, code: [], action: null },
  ]) {
    expect([listInput(junk).tag, findingInput(junk).code, findingInput(junk).path]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(hostInput(junk).host).toBe("");
    expect(planInput(junk)).toEqual({ action: "deploy", hosts: [] });
  }
});

test("the tools can't act: nothing that runs, connects, writes or asks is in reach of this folder", () => {
  for (const file of readdirSync(__dirname).filter(name => !name.endsWith(".test.ts"))) {
    const text = readFileSync(path.join(__dirname, file), "utf8");
    const imports = [...text.matchAll(/from "([^"]+)"/g)].map(match => match[1] ?? "");
    expect(
      imports.filter(name => /child_process|ports\/|deploy|remote|stores|services|commands/.test(name)),
    ).toEqual([]);
    expect(text).not.toMatch(/executeCommand|executeTask|createTerminal|writeFile|\.ssh\b|\.processes/);
  }
});
