import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { cacheKeyNameProblem } from "../../../server/src/core/formats/cacheKey";
import { noSsh } from "../../../test/harness/noSsh";
import { hostOf } from "../../../test/harness/snapshots";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { SILENT_LOG } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { keyNameFor, type StagingApp, setUpStagingCache } from "./wizard";

async function run(names: readonly string[], script: Script) {
  const { ui, said, documents } = scriptedUi(script);
  const hosts = names.map(name => hostOf({ name, hostname: `${name}.test`, sshUser: "root" }));
  const memory = new Map<string, unknown>();
  const workspace = {
    get: (key: string) => memory.get(key),
    set: async (key: string, value: unknown) => void memory.set(key, value),
  };
  // the command reads no more of the app than these before it reaches a host, and here it reaches none
  const app = {
    ui,
    log: SILENT_LOG,
    ports: {
      files: nodeFiles,
      clock: systemClock,
      ssh: { ...noSsh, resolve: async () => ({ user: "root" }) },
    },
    state: { fleet: { hosts, findHost: (name: string) => hosts.find(host => host.name === name) } },
    storage: { folder: mkdtempSync(path.join(tmpdir(), "wizard-")), workspace },
  } as unknown as StagingApp;
  const ended = await setUpStagingCache(app, new Set()).then(() => "ended", String);
  return { ended, said: said.join("\n"), page: documents.at(-1)?.text ?? "" };
}

const ANSWERS = { picks: [["stage"], ["prod", "web"], ["SSH"]], inputs: ["stage.test"] };

test("it needs two hosts, and begins nothing without a yes", async () => {
  expect((await run(["stage"], {})).ended).toContain("needs two hosts");
  const no = await run(["stage", "prod", "web"], { ...ANSWERS, confirms: [false] });
  expect(no.ended).toContain("cancelled");
  expect(no.said).toContain("Make stage the binary cache of prod, web?");
  expect(no.said).toContain("ssh://nix-ssh@stage.test?priority=50");
  expect(no.page).toBe("");
});

test("a server out of reach is named on the page, and everything after it is still to do", async () => {
  const { page, said } = await run(["stage", "prod", "web"], { ...ANSWERS, confirms: [true] });
  expect(page).toContain("1. **The signing key on stage** (✗ failed)");
  expect(page).toContain("stage.test is out of reach");
  expect(page).toContain("**Proof: a path from stage reaches prod, web** (not yet)");
  expect(said).toContain("[Try Again]");
});

test("the key's name is one, whatever the host is called", () => {
  expect(keyNameFor("stage", "stage.example.org")).toBe("stage.example.org-1");
  expect(keyNameFor("stage", "fd00::1")).toBe("stage-1");
  for (const server of ["a b:c/../d", "-x", "..", "é"]) {
    const name = keyNameFor(server, "::1");
    expect(cacheKeyNameProblem(name)).toBeUndefined();
    expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*-1$/);
  }
});
