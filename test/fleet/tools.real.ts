// The real deploy tools, told what to do by our adapters, on the test hosts. They are no part of the project and not installed by
// it: `REAL_TOOLS=FOLDER npm run test:fleet`, with the programs in FOLDER; see README.md.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DeployAction } from "../../client/src/deploy/tools/adapter";
import { systemClock } from "../../client/src/ports/clock";
import { NodeProcesses } from "../../client/src/ports/nodeProcesses";
import { factsOf } from "../harness/observations";
import { type Fleet, type Host, startFleet } from "./fleet";
import { createOperator, type Operator, type RunDetails } from "./operator";
import { copyToolsToy, type ToolsToy } from "./toolsToy";
import type { ToyHost } from "./toyFlake";
import { addUser, PASSWORD } from "./users";

/** By what a transcript is called: the tool, the setting of its program, and the program's name in the folder. */
const PROGRAMS = {
  direct: ["direct", "tools.nix", "nix"],
  "deploy-rs": ["deploy-rs", "tools.deploy", "deploy"],
  colmena: ["colmena", "tools.colmena", "colmena"],
  "nixos-rebuild-ng": ["nixos-rebuild", "tools.nixosRebuild", "nixos-rebuild-ng"],
  "nixos-rebuild-bash": ["nixos-rebuild", "tools.nixosRebuild", "nixos-rebuild-bash"],
} as const;
type Program = keyof typeof PROGRAMS;
const TRIED = (["deploy-rs", "colmena", "nixos-rebuild-ng", "nixos-rebuild-bash"] as const).filter(name =>
  existsSync(fileOf(name)),
);

function fileOf(name: Program): string {
  return path.join(process.env["REAL_TOOLS"] ?? "", PROGRAMS[name][2]);
}

function settingsOf(name: Program): Readonly<Record<string, unknown>> {
  const [tool, setting] = PROGRAMS[name];
  return name === "direct" ? { "deploy.tool": tool } : { "deploy.tool": tool, [setting]: fileOf(name) };
}

const tools = process.env["REAL_TOOLS"] ?? "";
const transcripts = process.env["TRANSCRIPTS"];
let fleet: Fleet;
let toy: ToolsToy;
let operator: Operator;
let prod: Host;
let serial = 700;

function newSystems(prodKnobs: Partial<ToyHost> = {}): void {
  serial += 1;
  toy.setHosts({ prod: { serial, payloadMb: 0, ...prodKnobs }, stage: { serial, payloadMb: 0 } });
}

interface Ran {
  readonly results: Awaited<ReturnType<Operator["run"]>>;
  readonly phases: readonly string[];
  readonly lines: readonly string[];
}

/** Runs one action with a tool; what it printed is kept as NAME where TRANSCRIPTS names a folder. */
async function run(
  tool: Program,
  action: DeployAction,
  name: string,
  details: RunDetails = {},
  hosts = ["prod"],
): Promise<Ran> {
  const phases: string[] = [];
  const lines: string[] = [];
  const results = await operator.run(action, hosts, {
    ...details,
    settings: { ...settingsOf(tool), ...details.settings },
    onEvent: event => {
      details.onEvent?.(event);
      if (event.kind === "phase") phases.push(event.phase);
      if (event.kind === "line") lines.push(event.text);
      if (event.kind === "command") lines.push(`$ ${event.text}`);
      if (event.kind === "note") lines.push(`# ${event.text}`);
    },
  });
  if (transcripts !== undefined) {
    mkdirSync(transcripts, { recursive: true });
    const end = results.map(({ host, outcome, why }) => `# ${host}: ${outcome}: ${why}`);
    const text = [`# phases: ${phases.join(" ")}`, ...lines, ...end].join("\n");
    writeFileSync(path.join(transcripts, `${tool}-${name}.txt`), `${text}\n`);
  }
  return { results, phases, lines };
}

beforeAll(async () => {
  fleet = await startFleet("stage", "prod");
  prod = fleet.host("prod");
  toy = await copyToolsToy(tools);
  const known = ["deploy-rs", "colmena", "nixos-rebuild"];
  const host = (name: string) => ({
    name,
    tools: known,
    configuration: name,
    profiles: [{ name: "system", user: "root", sshUser: "root" }],
  });
  operator = await createOperator(toy.folder, [host("stage"), host("prod")]);
  newSystems();
  const { results } = await run("direct", "deploy", "first", {}, ["prod", "stage"]);
  expect(results.map(({ outcome }) => outcome)).toEqual(["landed", "landed"]);
});

beforeEach(() => newSystems());

afterAll(async () => {
  operator?.remove();
  toy?.remove();
  await fleet?.stop();
});

const ASKING = TRIED.filter(name => name === "deploy-rs" || name === "nixos-rebuild-ng");

test.each(ASKING)("%s asks for the password of sudo in a terminal", { timeout: 240_000 }, async name => {
  const user = `typist-${name}`;
  await addUser(prod, user, { sudo: "password", trusted: true });
  await toy.setNodes({ prod: `sshUser = "${user}"; interactiveSudo = true;` });
  const [tool] = PROGRAMS[name];
  const profiles = [{ name: "system", user: "root", sshUser: user, interactiveSudo: true }];
  const configuration = "prod";
  const host = { name: "prod", hostname: "prod.test", sshUser: user, tools: [tool], profiles, configuration };
  const typist = await createOperator(toy.folder, [host]);
  // what a host says when it is asked
  const login = { ...factsOf({}).login, user, isRoot: false, sudoWithoutPassword: false };
  typist.app.state.observed.setFacts("prod", {
    at: Date.now(),
    facts: factsOf({ login }),
    caches: undefined,
  });
  const processes = new NodeProcesses(systemClock);
  const printed: string[] = [];
  const [result] = await typist.run("deploy", ["prod"], {
    settings: settingsOf(name),
    terminals: {
      run: (_name, { command, args, ...rest }, signal) => {
        const pty = [path.join(import.meta.dirname, "typePassword.py"), PASSWORD, command, ...args];
        return processes.run(
          { command: "python3", args: pty, ...rest },
          line => printed.push(line.text),
          signal,
        );
      },
    },
  });
  typist.remove();
  await toy.setNodes({});
  expect(result, printed.join("\n")).toMatchObject({ outcome: "landed", clean: true });
  expect(printed.join("\n")).toContain(name === "deploy-rs" ? "Deployment confirmed." : "Done. The new");
  expect(await prod.currentSystem()).toBe(await toy.build("prod"));
});

const RUNS = { timeout: 240_000 };

describe.each(TRIED)("%s", RUNS, tool => {
  test("a deployment lands", async () => {
    const { results, phases } = await run(tool, "deploy", "deploy");
    expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
    expect(await prod.currentSystem()).toBe(await toy.build("prod"));
    expect(phases).toEqual(expect.arrayContaining(["build", "copy", "activate", "verify"]));
  });

  test("a dry run changes nothing", async () => {
    const before = [await prod.currentSystem(), await prod.generations()];
    const { results } = await run(tool, "dry-activate", "dry-activate");
    expect(results).toMatchObject([{ outcome: "done" }]);
    expect([await prod.currentSystem(), await prod.generations()]).toEqual(before);
  });

  test("boot: it waits for the next boot", async () => {
    const running = await prod.currentSystem();
    const { results } = await run(tool, "boot", "boot");
    expect(results).toMatchObject([{ outcome: "landed", clean: true }]);
    expect(await prod.currentSystem()).toBe(running);
  });

  test("a failed unit", async () => {
    // deploy-rs goes back only to what it made itself
    await run(tool, "deploy", "before-exit-4");
    newSystems({ exitCode: 4 });
    const before = await prod.currentSystem();
    const { results } = await run(tool, "deploy", "exit-4");
    // the others report and stay
    const outcome = tool === "deploy-rs" ? "reverted" : "landed";
    expect(results).toMatchObject([{ outcome, clean: false }]);
    expect(await prod.currentSystem()).toBe(tool === "deploy-rs" ? before : await toy.build("prod"));
  });

  test("a build that fails", async () => {
    newSystems({ buildScript: "echo broken >&2; exit 7" });
    const { results } = await run(tool, "deploy", "build-fails");
    expect(results).toMatchObject([{ outcome: "failed", clean: false }]);
  });

  test("an evaluation that fails", async () => {
    writeFileSync(path.join(toy.folder, "hosts.nix"), '{ prod = throw "The option is wrong"; }\n');
    const { results } = await run(tool, "build", "evaluation-fails");
    expect(results).toMatchObject([{ outcome: "failed" }]);
  });

  test("the switch cuts the connection: the host goes back by itself", async () => {
    newSystems({ activationSeconds: 2 });
    await toy.setNodes({ prod: "confirmTimeout = 5;" });
    const before = await prod.currentSystem();
    let cut = false;
    const { results } = await run(tool, "deploy", "cut", {
      settings: { "deploy.guardSeconds": 5 },
      onEvent: event => {
        if (cut || event.kind !== "phase" || event.phase !== "activate") return;
        cut = true;
        setTimeout(() => void prod.link("down"), 1500);
        setTimeout(() => void prod.link("up"), 40_000);
      },
    });
    await toy.setNodes({});
    expect(results).toMatchObject([{ outcome: "reverted", clean: false }]);
    expect(await prod.currentSystem()).toBe(before);
  });

  test("cancelled while the host switches", async () => {
    newSystems({ activationSeconds: 4 });
    const abort = new AbortController();
    const { results } = await run(tool, "deploy", "cancel", {
      signal: abort.signal,
      onEvent: event =>
        event.kind === "phase" && event.phase === "activate" && setTimeout(() => abort.abort(), 1000),
    });
    expect(results).toMatchObject([{ cancelled: true }]);
    const { outcome } = results[0] ?? {};
    const running = await prod.currentSystem();
    expect(running === (await toy.build("prod"))).toBe(outcome === "landed");
  });

  test("two hosts side by side", async () => {
    const { results } = await run(tool, "deploy", "two-hosts", {}, ["prod", "stage"]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["landed", "landed"]);
  });
});
