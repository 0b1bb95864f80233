import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { HostSnapshot } from "../../../server/src/protocol";
import { noSsh } from "../../../test/harness/noSsh";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { SILENT_LOG } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import type { ProcessRunner } from "../ports/process";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { FleetStore } from "../state/fleetStore";
import { Ledger } from "../state/ledger";
import { ObservedStore } from "../state/observedStore";
import { OpenDeployments } from "../state/openDeployments";
import { RunningDeployments } from "../state/runningDeployments";
import type { DeployApp } from "./deployApp";
import { chosenPlan, copyCommand, runDefinition, runPlanned, runReview } from "./deployCommands";
import { prepare, requireFree } from "./deployer";
import type { DeployEvent } from "./events";
import { type Approval, approvalOf } from "./review/approval";
import { execute } from "./runPlan";

const OLD = "/nix/store/0c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.05";
const NEW = "/nix/store/1c0qjzzi9gmzl8sxzwmjp5ypbcqc2qbd-nixos-system-web-24.11";

/**
 * A world of small scripts in place of nix and ssh, on real processes: `current` is what the host runs, and each script
 * notes its arguments in `calls`.
 */
async function world(
  options: {
    script?: Script;
    switchScript?: string;
    nixScript?: string;
    deployScript?: string;
    values?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const folder = mkdtempSync(path.join(tmpdir(), "deployer-"));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file("current"), OLD);
  writeFileSync(file("calls"), "");
  const program = (name: string, body: string) => {
    writeFileSync(
      file(name),
      `#!/bin/sh\ncd ${folder}\nprintf '%s\\n' "$(echo "${name} $*" | tr '\\n' ' ')" >> calls\n${body}\n`,
    );
    chmodSync(file(name), 0o755);
  };
  program("deploy", options.deployScript ?? "");
  program("nix", options.nixScript ?? `case "$*" in *build*) echo '[{"outputs":{"out":"${NEW}"}}]';; esac`);
  const activate = options.switchScript ?? `echo ${NEW} > current`;
  // what the fixed scripts answer, without running them
  program(
    "ssh",
    `cat > said
told=$(echo "$*" | sed -n "s/.* sh \\([0-9a-f]\\{18\\}\\) \\(take\\|release\\|look\\) .*/\\1 \\2/p" | tail -n 1)
case "$told" in
  *take) echo "\${told% *} taken yes"; echo "\${told% *} end ok"; exit;;
  *release) echo "\${told% *} released yes"; echo "\${told% *} end ok"; exit;;
  *look) echo "\${told% *} free yes"; echo "\${told% *} end ok"; exit;;
esac
case "$*" in
  *readlink*) echo "current $(cat current)"; echo "profile $(cat current)"; echo "generation 1";;
  *" switch /nix/store"*) (${activate}); code=$?; echo $code > code
    case $code in 0|4) echo "@nix-deploy waiting $code -";; *) echo "@nix-deploy reverted $code -";; esac;;
  *" keep end"*) echo "@nix-deploy kept $(cat code) keep";;
  *" revert end"* | *" revert waiting"*) echo ${OLD} > current; echo "@nix-deploy reverted 0 revert";;
esac`,
  );
  let fields: Partial<HostSnapshot> = {};
  const server = {
    state: { kind: "running" } as const,
    onDidChangeState: new Emitter<never>().event,
    onNotification: () => new Emitter<unknown>().event,
    request: async () => ({
      ...fleetOf(
        ["web", "mail"].map(name =>
          hostOf({ name, sshUser: "root", root: folder, configuration: name, ...fields }),
        ),
      ),
      entryPoints: [{ path: file("flake.nix"), kind: "flake", complete: true, why: [] }],
    }),
    notify: () => undefined,
    start: async () => undefined,
    restart: async () => undefined,
  };
  const fleet = new FleetStore(server, SILENT_LOG);
  await fleet.refresh();
  const real = new NodeProcesses(systemClock);
  const processes: ProcessRunner = {
    run: (spec, onLine, signal) =>
      real.run({ ...spec, command: spec.command === "ssh" ? file("ssh") : spec.command }, onLine, signal),
    dispose: () => real.dispose(),
  };
  const { ui, said, documents, copied } = scriptedUi(options.script);
  const values: Record<string, unknown> = {
    "tools.nix": file("nix"),
    "deploy.tool": "direct",
    "deploy.parallel": 2,
    ...(options.values === undefined ? {} : { "tools.deploy": file("deploy"), ...options.values }),
  };
  const app: DeployApp & { storage: never } = {
    log: SILENT_LOG,
    ui,
    config: { read: () => parseConfig(key => values[key]), onDidChange: new Emitter<void>().event },
    ports: { processes, files: nodeFiles, clock: systemClock, ssh: noSsh },
    workspace: {
      trusted: true,
      folders: [],
      onDidChange: new Emitter<void>().event,
      setContext: () => undefined,
    },
    state: {
      fleet,
      observed: new ObservedStore(),
      deployments: new RunningDeployments(),
      ledger: new Ledger(nodeFiles, file("ledger.jsonl")),
      open: new OpenDeployments(nodeFiles, file("open")),
    },
    storage: { workspace: { get: () => undefined, set: async () => undefined } } as never,
  };
  const calls = () => readFileSync(file("calls"), "utf8").trim().split("\n");
  /** Somebody edits what the flake says of the hosts. */
  const edit = async (change: Partial<HostSnapshot>) => {
    fields = change;
    await fleet.refresh();
  };
  return { app, said, documents, copied, calls, folder, edit };
}

const deploy = (hosts: readonly string[], action: "deploy" | "build" | "boot" = "deploy") => ({
  action,
  hosts,
  tool: undefined,
});

test("a deploy runs its steps in order, asks the host before and after, and remembers", async () => {
  const { app, calls } = await world();
  const events: DeployEvent[] = [];
  const results = await execute(
    app,
    await prepare(app, deploy(["web"])),
    event => events.push(event),
    new AbortController().signal,
  );
  expect(results).toMatchObject([
    { host: "web", outcome: "landed", why: "the host has the new system", clean: true },
  ]);
  expect(
    calls().map(
      line => line.match(/^nix .*(build|copy)/)?.[1] ?? line.match(/readlink| switch | keep end/)?.[0].trim(),
    ),
  ).toEqual(expect.arrayContaining(["readlink", "build", "copy", "switch", "keep end", "readlink"]));
  const phases = events.flatMap(event => (event.kind === "phase" ? [event.phase] : []));
  expect(phases).toEqual(["build", "copy", "activate", "confirm", "verify"]);
  const { entries } = await app.state.ledger.load();
  expect(entries).toMatchObject([
    {
      host: "web",
      action: "deploy",
      tool: "direct",
      previousSystem: OLD,
      newSystem: NEW,
      outcome: "landed",
      commit: null,
      dirty: null,
    },
  ]);
  expect(entries[0]?.phases.map(item => item.phase)).toEqual(phases);
  expect(app.state.observed.get("web")?.answer).toEqual({
    kind: "reached",
    system: { current: NEW, profile: NEW },
  });
  expect(app.state.deployments.all).toEqual([]);
});

test("a failing activation is judged by the host, not by its exit code", async () => {
  const failed = await world({ switchScript: "exit 1" });
  const run = async (it: typeof failed) =>
    execute(it.app, await prepare(it.app, deploy(["web"])), () => undefined, new AbortController().signal);
  expect(await run(failed)).toMatchObject([
    {
      outcome: "reverted",
      clean: false,
      why: "the host went back to the system before (switch-to-configuration on the host: exit code 1)",
    },
  ]);
  const landed = await world({ switchScript: `echo ${NEW} > current; exit 4` });
  expect(await run(landed)).toMatchObject([{ outcome: "landed", clean: false }]);
  const lying = await world({ switchScript: "exit 0" });
  expect(await run(lying)).toMatchObject([{ outcome: "reverted", clean: true }]);
});

test("a tool with a guard of its own took back what the host had begun to switch to; else it failed", async () => {
  const run = async (deployScript: string) => {
    const { app } = await world({ deployScript, values: { "deploy.tool": "deploy-rs" } });
    const plan = await prepare(app, deploy(["web"]));
    return execute(app, plan, () => undefined, new AbortController().signal);
  };
  const failure = "Waiting over SSH resulted in a bad exit code: Some(255)";
  const error = `echo '[deploy] [ERROR] ${failure}' >&2; exit 1`;
  expect(await run(`echo 'activating the configuration...' >&2; ${error}`)).toMatchObject([
    { outcome: "reverted", clean: false, why: expect.stringContaining(failure) },
  ]);
  expect(await run(error)).toMatchObject([{ outcome: "failed", clean: false }]);
});

test("nothing reaches a host when the build fails", async () => {
  const { app, calls } = await world({ nixScript: "echo 'error: broken' >&2; exit 1" });
  const results = await execute(
    app,
    await prepare(app, deploy(["web"])),
    () => undefined,
    new AbortController().signal,
  );
  expect(results[0]).toMatchObject({ outcome: "failed", clean: false });
  expect(calls().filter(line => line.startsWith("ssh") && !line.includes("readlink"))).toEqual([]);
});

test("a build asks nothing, touches no host and is not in the history", async () => {
  const { app, calls } = await world();
  const plan = await prepare(app, deploy(["web", "mail"], "build"));
  const results = await execute(app, plan, () => undefined, new AbortController().signal);
  expect(results.map(({ host, outcome }) => [host, outcome])).toEqual([
    ["web", "done"],
    ["mail", "done"],
  ]);
  expect(calls().every(line => line.startsWith("nix"))).toBe(true);
  expect((await app.state.ledger.load()).entries).toEqual([]);
});

test("a build on the host itself asks, because it reaches the host", async () => {
  const { app, said, documents, calls } = await world({
    script: { confirms: [false, true] },
    values: { "deploy.tool": "direct", "deploy.buildOn": "target" },
  });
  const plan = await chosenPlan(app, "build", ["web"]);
  const before = calls().length;
  expect(await terminal(runPlanned(app, plan))).toMatchObject({ code: 1 });
  expect(said.at(-1)).toMatch(/^confirm: Build web\? \[Build\]/);
  expect(documents[0]?.text).toContain("--store ssh-ng://root@web");
  expect(calls()).toHaveLength(before);
  expect(await terminal(runPlanned(app, plan))).toMatchObject({ code: 0 });
});

test("cancelling ends the command, and the host is still asked how it is", async () => {
  const { app } = await world({ switchScript: "sleep 30" });
  const abort = new AbortController();
  const plan = await prepare(app, deploy(["web"]));
  const results = await execute(
    app,
    plan,
    event => {
      if (event.kind === "phase" && event.phase === "activate") setTimeout(() => abort.abort(), 100);
    },
    abort.signal,
  );
  expect(results).toMatchObject([
    { outcome: "reverted", cancelled: true, why: "the host went back to the system before (cancelled)" },
  ]);
  expect((await app.state.ledger.load()).entries).toMatchObject([{ cancelled: true }]);
}, 15_000);

test("one deployment per host at a time", async () => {
  const { app } = await world({ switchScript: `sleep 0.3; echo ${NEW} > current` });
  const plan = await prepare(app, deploy(["web"]));
  const first = execute(app, plan, () => undefined, new AbortController().signal);
  await expect.poll(() => app.state.deployments.get("web")?.phase).toBe("activate");
  expect(() => requireFree(app, plan)).toThrow("Another deployment to web is still running.");
  const second = await execute(app, plan, () => undefined, new AbortController().signal);
  expect(second).toMatchObject([{ outcome: "failed", why: "Another deployment to web is still running." }]);
  expect(await first).toMatchObject([{ outcome: "landed" }]);
});

const terminal = async (work: ReturnType<typeof runPlanned>) => {
  const lines: string[] = [];
  const code = await work(line => lines.push(line), new AbortController().signal);
  return { code, lines };
};

test("what is built is reviewed: a short question, every command in the document; no is no", async () => {
  const { app, said, documents, calls } = await world({ script: { confirms: [false] } });
  const plan = await chosenPlan(app, "deploy", ["web"]);
  expect(await terminal(runPlanned(app, plan))).toMatchObject({ code: 1 });
  const question = said.find(line => line.startsWith("confirm")) ?? "";
  expect(question).toMatch(
    /^confirm: Deploy to web\? \[Deploy\]\nweb: a new system, at once\..*\n\nweb: 24\.05 → 24\.11\n/,
  );
  expect(question).toContain("3 steps with Nix and SSH: build, copy, activate");
  expect(question).not.toContain("ServerAlive");
  expect(documents[0]?.name).toBe("Review web.md");
  expect(documents[0]?.text).toContain("switch-to-configuration switch");
  expect(documents[0]?.text).toContain("nix copy --to ssh://root@web");
  expect(calls().filter(line => / copy | take |switch \//.test(line))).toEqual([]);
  expect((await app.state.ledger.load()).entries).toEqual([]);
});

test("a review builds and shows, changes nothing, and its approval holds for these store paths", async () => {
  const { app, said, documents, folder } = await world({ script: { buttons: ["Deploy"] } });
  let given: Approval | undefined;
  const plan = await chosenPlan(app, "deploy", ["web"]);
  const { code, lines } = await terminal(
    runReview(app, plan, async approval => {
      given = approval;
    }),
  );
  expect([code, lines.at(-1)]).toEqual([0, "Reviewed. No host was changed."]);
  expect(documents).toHaveLength(1);
  expect(readFileSync(path.join(folder, "current"), "utf8").trim()).toBe(OLD);
  await expect.poll(() => given?.systems.get("web")).toBe(NEW);
  expect(await terminal(runPlanned(app, plan, { approval: given }))).toMatchObject({ code: 0 });
  expect(said.filter(line => line.startsWith("confirm"))).toEqual([]);
});

test("an approval is void when the build makes something else", async () => {
  const { app, said } = await world({ script: { confirms: [false] } });
  const plan = await chosenPlan(app, "deploy", ["web"]);
  const approval = approvalOf(plan, new Map([["web", OLD]]));
  expect(await terminal(runPlanned(app, plan, { approval }))).toMatchObject({ code: 1 });
  expect(said.find(line => line.startsWith("confirm"))).toContain(
    `The earlier approval is void. web: the build made ${NEW}, not ${OLD}`,
  );
});

test("a tool that evaluates again is stopped when the configuration is another one than was reviewed", async () => {
  const other = NEW.replace("24.11", "25.05");
  const { app, calls, folder } = await world({
    script: { confirms: [true] },
    nixScript: `case "$*" in *build*) if [ -e asked ]; then path=${other}; else path=${NEW}; fi; touch asked; echo "[{\\"outputs\\":{\\"out\\":\\"$path\\"}}]";; esac`,
    values: { "deploy.tool": "deploy-rs" },
  });
  const { code, lines } = await terminal(runPlanned(app, await chosenPlan(app, "deploy", ["web"])));
  expect(code).toBe(1);
  expect(lines.join("\n")).toContain(`the approval is void: it would be ${other} now`);
  expect(calls().filter(line => /^deploy (?!--help)| take /.test(line))).toEqual([]);
  expect(readFileSync(path.join(folder, "current"), "utf8").trim()).toBe(OLD);
});

test("a check that fails is told once for all hosts of the flake, and none is asked for", async () => {
  const { app, said, calls } = await world({
    values: { "deploy.tool": "deploy-rs" },
    nixScript: `case "$*" in *"flake check"*) echo "error: the check is wrong" >&2; exit 1;; *build*) echo '[{"outputs":{"out":"${NEW}"}}]';; esac`,
  });
  const plan = await chosenPlan(app, "deploy", ["web", "mail"]);
  const { code, lines } = await terminal(runPlanned(app, plan));
  expect(code).toBe(1);
  expect(lines.filter(line => line.includes("the check of the flake failed"))).toHaveLength(2);
  expect(lines.join("\n")).toContain("exit code 1: the check is wrong");
  expect(calls().filter(line => /flake check/.test(line))).toHaveLength(1);
  expect(calls().filter(line => /^deploy (?!--help)/.test(line))).toEqual([]);
  expect(said.filter(line => line.startsWith("confirm"))).toEqual([]);
});

test.each<Partial<HostSnapshot>>([
  { hostname: "mail.test" },
  { hostname: "-oProxyCommand=x" },
  { sshUser: "ops" },
  { sshOpts: ["-J", "elsewhere"] },
])("a tool that evaluates again is stopped when it would reach another machine: %o", async change => {
  const { app, calls, edit } = await world({ values: { "deploy.tool": "deploy-rs" } });
  const plan = await chosenPlan(app, "deploy", ["web"]);
  const ui = { ...app.ui, confirm: () => edit(change).then(() => true) };
  const { code, lines } = await terminal(runPlanned({ ...app, ui }, plan));
  expect(code).toBe(1);
  expect(lines.join("\n")).toContain("where web is reached changed since it was reviewed");
  expect(calls().filter(line => /^deploy (?!--help)| take /.test(line))).toEqual([]);
});

test("the lock is taken before anything is sent and released afterwards", async () => {
  const { app, calls } = await world({ script: { confirms: [true] } });
  expect(await terminal(runPlanned(app, await chosenPlan(app, "deploy", ["web"])))).toMatchObject({
    code: 0,
  });
  const order = calls().flatMap(
    line =>
      line
        .match(/^nix .*\b(copy)\b| (take|release) /)?.[0]
        .trim()
        .split(" ")
        .at(-1) ?? [],
  );
  expect(order.filter(word => ["take", "release"].includes(word) || word === "copy")).toEqual([
    "take",
    "copy",
    "release",
  ]);
});

test("the commands can be copied without running them", async () => {
  const { app, copied, calls, folder } = await world({});
  await copyCommand(app, ["web"]);
  expect(copied[0]).toContain(`cd ${folder} &&\nsystem=$(`);
  expect(calls()).toEqual([""]);
});

test("a task of tasks.json asks when it runs, and says what is wrong with it", async () => {
  const { app } = await world({ script: { confirms: [false, true] } });
  const lines: string[] = [];
  const run = (definition: object) =>
    runDefinition(app, definition)(line => lines.push(line), new AbortController().signal);
  const definition = { type: "nix-deploy", action: "deploy", hosts: ["web"] };
  expect(await run(definition)).toBe(1);
  expect(await run(definition)).toBe(0);
  expect(lines.at(-1)).toContain("landed");
  await expect(run({ ...definition, action: "destroy" })).rejects.toThrow('field "action"');
  await expect(run({ ...definition, hosts: "web" })).rejects.toThrow('field "hosts"');
  await expect(run({ ...definition, hosts: ["nobody"] })).rejects.toThrow("no host nobody");
});

test("what did not land is offered to be tried again; what landed is not", async () => {
  const retried: (readonly string[])[] = [];
  const retry = async (hosts: readonly string[]) => void retried.push(hosts);
  const { app, said, folder } = await world({
    nixScript: `case "$*" in *build*) echo '[{"outputs":{"out":"${NEW}"}}]';; *copy*) test -e room;; esac`,
    script: { confirms: [true, true], buttons: ["Retry web"] },
  });
  const plan = await chosenPlan(app, "deploy", ["web"]);
  expect(await terminal(runPlanned(app, plan, { retry }))).toMatchObject({ code: 1 });
  expect(said.findLast(line => line.startsWith("error"))).toMatch(/^error: web: failed, .* \[Retry web\]$/);
  await expect.poll(() => retried).toEqual([["web"]]);
  writeFileSync(path.join(folder, "room"), "");
  expect(await terminal(runPlanned(app, plan, { retry }))).toMatchObject({ code: 0 });
  expect(said.findLast(line => line.startsWith("info"))).toBe(
    "info: web: landed, the host has the new system",
  );
});
