// cachix is a recorder here: see test/harness/recorder.ts.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { noSsh } from "../../../test/harness/noSsh";
import { recorder } from "../../../test/harness/recorder";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { nodeHttp } from "../ports/http";
import { createLog } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { deploySpecification } from "../services/cachix";
import { requireProgram } from "../services/program";
import { UserError } from "../userError";
import { logInToCachix, runCachix } from "./cachixActions";
import type { PushApp } from "./pushQuestions";
import { pushToCache, summary } from "./pushToCache";

const TOKEN = "tok-0123456789-very-secret";

function world(script: Script, tools: Record<string, unknown> = {}) {
  const { ui, said } = scriptedUi(script);
  const lines: string[] = [];
  const kept = new Map<string, string>();
  const never = new Emitter<never>().event;
  const settings: Record<string, unknown> = { "push.upstreamCaches": [], ...tools };
  // the parts of App that pushing uses
  const app = {
    ui,
    log: createLog(
      (_level, line) => lines.push(line),
      () => undefined,
    ),
    config: { read: () => parseConfig(key => settings[key]), onDidChange: never },
    http: nodeHttp,
    storage: {
      folder: "/nowhere",
      workspace: { get: () => undefined, set: async () => undefined },
      secrets: {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: string) => void kept.set(key, value),
        delete: async (key: string) => void kept.delete(key),
        onDidChange: never,
      },
    },
    state: { fleet: { snapshot: undefined, hosts: [] } },
    ports: { processes: new NodeProcesses(systemClock), files: nodeFiles, clock: systemClock, ssh: noSsh },
    workspace: { trusted: true, folders: [], onDidChange: never, setContext: () => undefined },
  };
  return { app: app as never as PushApp, said, lines, kept };
}

describe.runIf(existsSync("/usr/bin/nix"))("with a path of the real store", () => {
  let stored: string;
  beforeAll(() => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "push-")), "pushed");
    writeFileSync(file, "pushed");
    stored = execFileSync("nix-store", ["--add", file], { encoding: "utf8", stdio: "pipe" }).trim();
  });

  test("log in, push, pin: the token is in the keyring and in the program's environment, nowhere else", async () => {
    const cachix = recorder("cachix", ["CACHIX_AUTH_TOKEN"], { says: `Pushing with ${TOKEN}\n` });
    const { app, said, lines, kept } = world(
      { inputs: [TOKEN, "cachix:my-cache", stored, "production"], picks: [["xz"]] },
      { "tools.cachix": cachix.program },
    );
    await logInToCachix(app);
    expect([...kept.values()]).toEqual([TOKEN]);
    await pushToCache(app);
    expect(cachix.calls().map(call => call.args[0])).toEqual(["push", "pin"]);
    expect(cachix.calls()[0]?.env["CACHIX_AUTH_TOKEN"]).toBe(TOKEN);
    expect(said.at(-1)).toBe("info: Pushed to my-cache at Cachix.");
    const heard = [...said, ...lines, ...cachix.calls().map(call => call.commandLine)].join("\n");
    expect(heard).not.toContain(TOKEN);
  });

  test("a failing push is an error that says what the program said", async () => {
    const cachix = recorder("cachix", [], { says: `Error: Binary cache my does not exist.\n`, codes: [1] });
    const script = { inputs: ["cachix:my", stored, ""], picks: [["zstd"]] };
    const { app } = world(script, { "tools.cachix": cachix.program });
    await expect(pushToCache(app)).rejects.toThrow(
      "Pushing to my at Cachix failed: Error: Binary cache my does not exist.",
    );
  });
});

test("what is said of a push names silent caches without their passwords", () => {
  const silent = new Map([["https://me:hunter2@cache.test", "HTTP 503"]]);
  const result = {
    outcome: "pushed",
    closure: 3,
    upstream: 0,
    leftOut: 0,
    attempts: 1,
    said: "",
    silent,
  } as const;
  const text = summary("my at Cachix", result);
  expect(text).toContain("Pushed to my at Cachix. No answer from https://me:");
  expect(text).not.toContain("hunter2");
});

test("a missing program is named, with how to get it and where to say where it is", () => {
  const missing = () => requireProgram("attic", "attic", () => undefined);
  expect(missing).toThrow(UserError);
  expect(missing).toThrow("nix profile install nixpkgs#attic-client");
});

test("an empty token forgets the token", async () => {
  const { app, kept } = world({ inputs: [TOKEN, ""] });
  await logInToCachix(app);
  await logInToCachix(app);
  expect([...kept]).toEqual([]);
});

test("watching the store is a terminal whose lines have no token in them", async () => {
  const cachix = recorder("cachix", ["CACHIX_AUTH_TOKEN"], { says: `watching with ${TOKEN}\n` });
  const { app } = world({ inputs: [TOKEN, "my"] }, { "tools.cachix": cachix.program });
  await logInToCachix(app);
  const written: string[] = [];
  await runCachix(
    app,
    async (_name, work) => {
      expect(await work(line => void written.push(line), new AbortController().signal)).toBe(0);
    },
    "store",
  );
  expect(cachix.calls()[0]?.args).toEqual(["watch-store", "my", "--compression-method", "zstd"]);
  expect(written.join("\n")).toContain("watching with <redacted>");
  expect(written.join("\n")).not.toContain(TOKEN);
});

test("deploy.json has the agents in a fixed order", () => {
  const text = deploySpecification(
    new Map([
      ["web", "/nix/store/b"],
      ["mail", "/nix/store/a"],
    ]),
  );
  expect(JSON.parse(text)).toEqual({ agents: { mail: "/nix/store/a", web: "/nix/store/b" } });
  expect(text.indexOf("mail")).toBeLessThan(text.indexOf("web"));
});
