import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { HostSnapshot } from "../../../server/src/protocol";
import { fleetStoreOf } from "../../../test/harness/fleetStore";
import { noSsh } from "../../../test/harness/noSsh";
import { factsOf, generationOf, NOW, systemPath } from "../../../test/harness/observations";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { SILENT_LOG } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import type { PresentedHostKey, SshOutcome } from "../ports/ssh/outcome";
import type { SshPort } from "../ports/ssh/sshPort";
import type { HostFacts } from "../state/hostFacts";
import { Ledger } from "../state/ledger";
import { ObservedStore } from "../state/observedStore";
import { OpenDeployments } from "../state/openDeployments";
import { RunningDeployments } from "../state/runningDeployments";
import { CancelledError, UserError } from "../userError";
import { compareGenerations, switchGeneration } from "./generationCommands";
import {
  copyAddress,
  copySshCommand,
  type HostsApp,
  openTerminal,
  probeHosts,
  revealHost,
} from "./hostCommands";
import { Probing } from "./probing";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface World {
  readonly hosts: readonly HostSnapshot[];
  readonly script?: Script;
  readonly ssh?: Partial<SshPort>;
  readonly told?: HostFacts;
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function world({ hosts, script, ssh, told, settings = {} }: World) {
  const folder = mkdtempSync(path.join(tmpdir(), "hosts-"));
  folders.push(folder);
  const user = scriptedUi(script);
  const { store } = await fleetStoreOf(fleetOf(hosts));
  const never = new Emitter<never>().event;
  const observed = new ObservedStore();
  const app: HostsApp = {
    log: SILENT_LOG,
    ui: user.ui,
    config: { read: () => parseConfig(key => settings[key]), onDidChange: never },
    workspace: { trusted: true, folders: [], onDidChange: never, setContext: () => undefined },
    ports: {
      processes: new NodeProcesses(systemClock),
      files: nodeFiles,
      clock: systemClock,
      ssh: { ...noSsh, ...ssh },
    },
    state: {
      fleet: store,
      observed,
      deployments: new RunningDeployments(),
      ledger: new Ledger(nodeFiles, path.join(folder, "ledger.jsonl")),
      open: new OpenDeployments(nodeFiles, path.join(folder, "open")),
    },
  };
  if (told !== undefined)
    for (const { name } of hosts) observed.setFacts(name, { at: NOW, facts: told, caches: undefined });
  return { app, probing: new Probing(app), ...user };
}

const done = (fields: Partial<Extract<SshOutcome, { kind: "done" }>>): SshOutcome => ({
  kind: "done",
  stdout: "",
  stderr: "",
  truncated: false,
  exitCode: 0,
  signal: undefined,
  ...fields,
});

test("a terminal gets ssh and its arguments, and no shell in between", async () => {
  const { app, terminals } = await world({
    hosts: [
      hostOf({ name: "web", hostname: "10.0.0.1", sshUser: "ada" }),
      hostOf({ name: "v6", hostname: "[fe80::1]" }),
    ],
    settings: { "ssh.configFile": "/etc/my ssh" },
  });
  await openTerminal(app, ["web", "v6"]);
  expect(terminals.map(({ command, args }) => [command, ...args])).toEqual([
    ["ssh", "-F", "/etc/my ssh", "--", "ada@10.0.0.1"],
    ["ssh", "-F", "/etc/my ssh", "--", "fe80::1"],
  ]);
});

test("port, jump host and key file of the configuration go to the terminal and into the copied command", async () => {
  const sshOpts = [
    "-p",
    "2222",
    "-i",
    "~/my key",
    "-oProxyJump=ops@bastion:23",
    "-4",
    "-o",
    "ProxyCommand=x",
  ];
  const { app, terminals, copied } = await world({
    hosts: [hostOf({ name: "web", hostname: "10.0.0.1", sshUser: "ada", sshOpts })],
  });
  await openTerminal(app, ["web"]);
  const options = ["-p", "2222", "-i", "~/my key", "-J", "ops@bastion:23", "-o", "addressfamily=inet"];
  expect(terminals.map(({ args }) => args)).toEqual([[...options, "--", "ada@10.0.0.1"]]);
  await copySshCommand(app, ["web"]);
  expect(copied).toEqual(["ssh -p 2222 -i '~/my key' -J ops@bastion:23 -o addressfamily=inet ada@10.0.0.1"]);
});

test.each([
  ["-p", "2;x"],
  ["-J", "a;b"],
  ["-J", "ok,$(x)@b"],
  ["-i", "a\nb"],
  ["-l", "a b"],
])("an argument %j %j of the configuration reaches no ssh", async (...sshOpts) => {
  const { app, terminals, copied } = await world({ hosts: [hostOf({ name: "web", sshOpts })] });
  await expect(openTerminal(app, ["web"])).rejects.toThrow(UserError);
  await expect(copySshCommand(app, ["web"])).rejects.toThrow(UserError);
  expect([terminals, copied]).toEqual([[], []]);
});

test.each(["-oProxyCommand=x", "a b", "$(x)", "a;b", "`x`", "a'b", "a\nb", "x%h", ""])(
  "the address %j reaches no ssh",
  async hostname => {
    const { app, terminals, copied } = await world({ hosts: [hostOf({ name: "web", hostname })] });
    await expect(openTerminal(app, ["web"])).rejects.toThrow(UserError);
    await expect(copySshCommand(app, ["web"])).rejects.toThrow(UserError);
    expect([terminals, copied]).toEqual([[], []]);
  },
);

test("addresses and commands are copied, one host a line; a single host needs no pick", async () => {
  const web = hostOf({ name: "web", hostname: "10.0.0.1", sshUser: "ada" });
  const { app, copied, said } = await world({
    hosts: [web, hostOf({ name: "mail" })],
    script: { picks: [["mail"]] },
  });
  await copyAddress(app, ["web", "mail"]);
  await copySshCommand(app, ["web"]);
  await copyAddress(app, undefined);
  expect(copied).toEqual(["10.0.0.1\nmail", "ssh ada@10.0.0.1", "mail"]);
  await revealHost(app, ["web"]);
  expect(said.at(-1)).toBe("open: /w/flake.nix");
});

test("a host whose address can't be read is not asked, and that is said", async () => {
  const { app, probing } = await world({ hosts: [hostOf({ name: "web", unknown: ["hostname"] })] });
  await expect(probeHosts(app, probing, ["web"])).rejects.toThrow("The address of web can't be known");
});

test("a single host that does not answer is explained, with what is wrong in the SSH configuration", async () => {
  const { app, probing } = await world({
    hosts: [hostOf({ name: "web" })],
    ssh: { resolve: async () => ({ problems: ["Port x is not a port; 22 is used"] }) as never },
  });
  await expect(probeHosts(app, probing, ["web"])).rejects.toThrow(
    "web is out of reach in this test\nSSH configuration: Port x is not a port; 22 is used",
  );
});

test("a changed host key is never offered for acceptance; the line that says otherwise is a click away", async () => {
  const hostKey: PresentedHostKey = {
    verdict: "changed",
    name: "web",
    type: "ssh-ed25519",
    base64: "AAAA",
    fingerprint: "SHA256:new",
    conflict: { file: "/home/ada/.ssh/known_hosts", line: 7 },
  };
  const accepted: unknown[] = [];
  const { app, probing, said } = await world({
    hosts: [hostOf({ name: "web" })],
    script: { confirms: [true] },
    ssh: {
      run: async () => ({ kind: "failed", failure: { kind: "hostKey", message: "it has changed", hostKey } }),
      acceptHostKey: async key => void accepted.push(key),
    },
  });
  const error = await probeHosts(app, probing, ["web"]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    message: "web is not asked: it has changed.",
    action: { run: { kind: "file", path: "/home/ada/.ssh/known_hosts", line: 7 } },
  });
  expect([said, accepted]).toEqual([[], []]);
});

test("an unknown key of a jump host is asked about under the jump host's name, with its file", async () => {
  const hostKey: PresentedHostKey = {
    verdict: "unknown",
    name: "bastion.test",
    type: "ssh-ed25519",
    base64: "AAAA",
    fingerprint: "SHA256:shown",
    acceptIn: { file: "/home/ada/.ssh/jumps", hashed: false },
    jumpHost: "bastion",
    authority: { file: "/etc/ssh/ssh_known_hosts", line: 3 },
  };
  const accepted: unknown[] = [];
  const { app, probing, said } = await world({
    hosts: [hostOf({ name: "web" })],
    script: { confirms: [true, false] },
    ssh: {
      run: async () => ({ kind: "failed", failure: { kind: "hostKey", message: "not known", hostKey } }),
      acceptHostKey: async key => void accepted.push(key),
    },
  });
  await probeHosts(app, probing, ["web"]);
  expect(accepted).toEqual([hostKey]);
  const asked = said.find(text => text.includes("Trust the host key")) ?? "";
  for (const part of ["bastion?", "SHA256:shown", "/home/ada/.ssh/jumps", "certificate authority"])
    expect(asked).toContain(part);
  await expect(probeHosts(app, probing, ["web"])).rejects.toThrow(CancelledError);
  expect(accepted).toHaveLength(1);
});

const two = factsOf({
  generations: [generationOf(2), generationOf(1)],
  currentSystem: systemPath(2),
  profileSystem: systemPath(2),
  profileGeneration: 2,
});
const generation = (number: number) => ({ kind: "generation", host: "web", number }) as const;

test("a revert is refused where it can't be meant", async () => {
  const hosts = [hostOf({ name: "web" }), hostOf({ name: "mail" })];
  const refusal = async (told: HostFacts, subjects: Parameters<typeof switchGeneration>[2]) => {
    const { app, probing, said } = await world({ hosts, told, script: { confirms: [true] } });
    const error: unknown = await switchGeneration(app, probing, subjects).catch((thrown: unknown) => thrown);
    expect(said.filter(line => line.startsWith("confirm"))).toEqual([]);
    return error instanceof UserError ? error.message : error;
  };
  expect(await refusal(two, [generation(2)])).toBe("web runs generation 2 already.");
  expect(await refusal(two, [generation(9)])).toBe("web has no generation 9.");
  expect(await refusal(two, [generation(1), generation(2)])).toContain("one generation only");
  expect(await refusal(two, [generation(1), { kind: "host", name: "mail" }])).toContain("different hosts");
  const noSudo = { ...two, login: { user: "ada", isRoot: false, sudoWithoutPassword: false } };
  expect(await refusal(noSudo, [generation(1)])).toContain("sudo asks for a password");
  expect(await refusal(factsOf({ generations: [] }), [{ kind: "host", name: "web" }])).toBe(
    "web has no generations.",
  );
});

test("a revert runs with sudo where the login is not root, and its outcome is what the host says, not the exit code", async () => {
  const runs: { name: string; args: readonly string[]; elevate: readonly string[] }[] = [];
  const told = { ...two, login: { user: "ada", isRoot: false, sudoWithoutPassword: true } };
  const { app, probing, said } = await world({
    hosts: [hostOf({ name: "web" })],
    told,
    script: { confirms: [true] },
    ssh: {
      run: async (_target, script) => {
        runs.push({ name: script.name, args: script.args ?? [], elevate: script.elevate ?? [] });
        const mark = script.args?.[0] ?? "";
        const same = `${mark} clock 1\n${mark} current ${systemPath(2)}\n${mark} profile ${systemPath(2)}\n${mark} end ok\n`;
        if (script.name === "the lock") return done({ stdout: `${mark} taken yes\n${mark} end ok\n` });
        return done({ stdout: script.name === "the probe" ? same : "" });
      },
    },
  });
  await switchGeneration(app, probing, [generation(1)]);
  expect(runs.map(({ name }) => name)).toEqual(["the lock", "the switch", "the probe", "the lock"]);
  expect(runs[1]).toMatchObject({ args: ["1", systemPath(1)], elevate: ["sudo", "-n"] });
  expect(said.at(-1)).toBe("error: web: the host runs the same system as before");
  const { entries } = await app.state.ledger.load();
  expect(entries).toMatchObject([{ host: "web", action: "revert", outcome: "failed", clean: true }]);
  expect(app.state.deployments.all).toEqual([]);
});

test("a revert waits for nobody: it is refused while the host is being deployed", async () => {
  const { app, probing } = await world({
    hosts: [hostOf({ name: "web" })],
    told: two,
    script: { confirms: [true] },
  });
  app.state.deployments.claim({ host: "web", action: "deploy", tool: "direct", startedAt: 0 });
  await expect(switchGeneration(app, probing, [generation(1)])).rejects.toThrow("still running");
});

test("a comparison takes what was chosen, and otherwise what runs", async () => {
  const asked: (readonly string[])[] = [];
  const { app, probing, documents, said } = await world({
    hosts: [hostOf({ name: "web" })],
    told: two,
    script: { picks: [["Generation 1"]] },
    ssh: {
      run: async (_target, script) => {
        const [mark = "", ...paths] = script.args ?? [];
        asked.push(paths);
        return done({ stdout: `${mark} end ok\n` });
      },
    },
  });
  await compareGenerations(app, probing, [generation(1)]);
  await compareGenerations(app, probing, [generation(2), generation(1)]);
  await compareGenerations(app, probing, undefined);
  expect(asked).toEqual(Array(3).fill([systemPath(1), systemPath(2)]));
  expect(documents.map(({ name }) => name)).toEqual(Array(3).fill("web-1-2.md"));
  expect(documents[0]?.text).toContain("Both have the same packages.");
  expect(said.filter(line => line.startsWith("pick"))).toEqual([
    "pick: Compare which generation?: Generation 2, Generation 1",
  ]);
});
