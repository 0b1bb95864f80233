import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ServerChannel } from "ssh2";
import { afterEach, expect, test } from "vitest";
import type { HostSnapshot } from "../../../server/src/protocol";
import { fleetStoreOf } from "../../../test/harness/fleetStore";
import { probeAnswer } from "../../../test/harness/probeAnswer";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import {
  makeKey,
  type RunningSshServer,
  type SshServerOptions,
  startSshServer,
} from "../../../test/harness/sshServer";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { SILENT_LOG } from "../ports/log";
import { failed } from "../ports/ssh/outcome";
import { createSshPort, type SshPort } from "../ports/ssh/sshPort";
import { ObservedStore } from "../state/observedStore";
import { waitAfter } from "./backOff";
import { Probing, type ProbingApp } from "./probing";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const never = new AbortController().signal;

/** An app whose hosts are asked through this port. `time` is what its clock says. */
async function appWith(hosts: readonly HostSnapshot[], ssh: SshPort) {
  const { store, change } = await fleetStoreOf(fleetOf(hosts));
  const clock = { ...systemClock, time: 1_000_000, now: () => clock.time };
  const workspace = {
    trusted: true,
    folders: [],
    onDidChange: new Emitter<void>().event,
    setContext: () => undefined,
  };
  const observed = new ObservedStore();
  const app: ProbingApp = {
    log: SILENT_LOG,
    workspace,
    ports: { ssh, clock },
    state: { fleet: store, observed },
  };
  const probing = new Probing(app);
  cleanups.push(() => probing.dispose());
  return { probing, observed, clock, workspace, change };
}

/** A port that notes whom it was asked for and answers when told to. */
function manualSsh() {
  const asked: { host: string; mayAsk: boolean | undefined; answer(text: string): void }[] = [];
  const ssh: SshPort = {
    run: (target, script, { signal, mayAsk }) =>
      new Promise(resolve => {
        signal.addEventListener("abort", () => resolve(failed("cancelled", "cancelled")), { once: true });
        const answer = (text: string) =>
          resolve({
            kind: "done",
            stdout: text.replaceAll("MARK", script.args?.[0] ?? ""),
            stderr: "",
            truncated: false,
            exitCode: 0,
            signal: undefined,
          });
        asked.push({ host: target.host, mayAsk, answer });
      }),
    resolve: () => Promise.reject(new Error("not in this test")),
    acceptHostKey: () => Promise.reject(new Error("not in this test")),
  };
  return { ssh, asked };
}

const GOOD = "MARK clock 1\nMARK end ok\n";
const named = (...names: string[]) => names.map(name => hostOf({ name }));

test("hosts that answered lately are left alone; after a while they are asked again", async () => {
  const { ssh, asked } = manualSsh();
  const { probing, clock } = await appWith(named("a", "b"), ssh);
  const round = probing.background("due");
  for (const { answer } of asked) answer(GOOD);
  await round;
  expect(probing.background("due")).toBeUndefined();
  clock.time += 60_000;
  void probing.background("due");
  expect(asked.map(({ host }) => host)).toEqual(["a", "b", "a", "b"]);
  expect(probing.background("new")).toBeUndefined();
});

test("a host that is away is asked less and less, and again at once when somebody wants it", async () => {
  const dead: SshPort = { ...manualSsh().ssh, run: async () => failed("timeout", "no answer") };
  const { probing, observed, clock } = await appWith(named("a"), dead);
  await probing.background("due");
  for (const failures of [1, 2, 3]) {
    expect(observed.get("a")?.failures).toBe(failures);
    clock.time += waitAfter(failures) - 1;
    expect(probing.background("due")).toBeUndefined();
    clock.time += 1;
    await probing.background("due");
  }
  await probing.ask(["a"], { signal: never });
  expect(observed.get("a")?.failures).toBe(5);
  expect(waitAfter(100)).toBe(30 * 60_000);
});

test("one round at a time; one that somebody wants ends one that nobody waits for", async () => {
  const { ssh, asked } = manualSsh();
  const { probing, observed } = await appWith(named("a", "b"), ssh);
  const first = probing.background("due");
  expect(probing.background("due")).toBeUndefined();
  const wanted = probing.ask(["b"], { signal: never });
  await first;
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.answer(GOOD);
  await wanted;
  expect(asked.map(({ host, mayAsk }) => [host, mayAsk])).toEqual([
    ["a", false],
    ["b", false],
    ["b", true],
  ]);
  expect(observed.get("a")).toBeUndefined();
  expect(observed.get("b")?.answer.kind).toBe("reached");
});

test("nobody is asked in an untrusted workspace, without an address, or after the end", async () => {
  const { ssh, asked } = manualSsh();
  const away = hostOf({ name: "nowhere", unknown: ["hostname"] });
  const { probing, workspace } = await appWith([...named("a"), away], ssh);
  workspace.trusted = false;
  expect(probing.background("due")).toBeUndefined();
  await probing.ask(["a"], { signal: never });
  expect(asked).toEqual([]);
  workspace.trusted = true;
  void probing.ask(["a", "nowhere"], { signal: never });
  await expect.poll(() => asked.length).toBe(1);
  probing.dispose();
  expect(probing.background("due")).toBeUndefined();
});

test("a cancelled question leaves what was known", async () => {
  const { ssh, asked } = manualSsh();
  const { probing, observed } = await appWith(named("a"), ssh);
  const first = probing.background("due");
  asked[0]?.answer(GOOD);
  await first;
  const abort = new AbortController();
  const second = probing.ask(["a"], { signal: abort.signal });
  abort.abort();
  await second;
  expect(observed.get("a")?.answer.kind).toBe("reached");
});

/** Real SSH servers on loopback; the name of each host is its alias in an SSH configuration. */
class Network {
  readonly folder = mkdtempSync(path.join(tmpdir(), "ndp-"));
  readonly servers = new Map<string, RunningSshServer>();
  readonly #key = makeKey();

  constructor() {
    writeFileSync(this.#file("id"), this.#key.privateText, { mode: 0o600 });
    const common = `Host *\n  IdentityFile ${this.#file("id")}\n  IdentityAgent none\n  UserKnownHostsFile ${this.#file("known_hosts")}\n`;
    writeFileSync(this.#file("config"), common);
    cleanups.push(async () => {
      for (const server of this.servers.values()) {
        await expect.poll(() => server.connections(), { timeout: 3000 }).toBe(0);
        await server.stop();
      }
      rmSync(this.folder, { recursive: true });
    });
  }

  #file(name: string): string {
    return path.join(this.folder, name);
  }

  configure(text: string): void {
    writeFileSync(this.#file("config"), text, { flag: "a" });
  }

  async add(name: string, options: SshServerOptions = {}, trusted = true): Promise<RunningSshServer> {
    const server = await startSshServer({ authorized: [this.#key.parsed], answer: honest, ...options });
    this.servers.set(name, server);
    this.configure(`Host "${name}"\n  HostName 127.0.0.1\n  Port ${server.port}\n`);
    const key = trusted ? server.hostKey.base64 : makeKey().parsed.getPublicSSH().toString("base64");
    const line = `[127.0.0.1]:${server.port} ${server.hostKey.type} ${key}\n`;
    writeFileSync(this.#file("known_hosts"), line, { flag: "a" });
    return server;
  }

  port(): SshPort {
    const inner = createSshPort({
      settings: () => ({ configFile: this.#file("config"), concurrency: 16 }),
      askPassphrase: async () => undefined,
    });
    // the limits of production, made short
    return {
      ...inner,
      run: (target, script, options) =>
        inner.run(target, script, {
          ...options,
          connectTimeoutMs: 4000,
          runTimeoutMs: 4000,
          maxBytes: 200_000,
        }),
    };
  }
}

const honest: NonNullable<SshServerOptions["answer"]> = (_command, stdin, channel) => {
  say(channel, probeAnswer({ stdin, generations: 3 }));
};

function say(channel: ServerChannel, text: string): void {
  channel.write(text);
  channel.exit(0);
  channel.end();
}

test("good, slow, hanging, dropping, flooding and lying hosts in one round: each is told as what it is", async () => {
  const network = new Network();
  await network.add("good");
  await network.add("slow", { latencyMs: 30 });
  await network.add("hangs", { hangAfterBanner: true });
  await network.add("garbage", { garbage: "HTTP/1.1 400 Bad Request\r\n\r\n" });
  await network.add("silent", { answer: () => undefined });
  await network.add("drops", { answer: (_command, _stdin, channel) => channel.destroy() });
  await network.add("floods", {
    answer: (_command, stdin, channel) => {
      const text = `${probeAnswer({ stdin, generations: 2 })}${"x".repeat(1_000_000)}`;
      say(channel, text);
    },
  });
  await network.add("speaks", { answer: (_c, _s, channel) => say(channel, "Welcome! No shell for you.\n") });
  await network.add("impostor", {}, false);
  await network.add("many", {
    answer: (_command, stdin, channel) => say(channel, probeAnswer({ stdin, generations: 10_000 })),
  });
  await network.add("past", {
    answer: (_command, stdin, channel) => say(channel, probeAnswer({ stdin, generations: 2, clock: 3 })),
  });
  await network.add("hop");
  await network.add("behind");
  network.configure("Host behind\n  ProxyJump hop\n");
  const names = [...network.servers.keys()];
  const { probing, observed } = await appWith(named(...names), network.port());
  await probing.ask(names, { signal: never });
  const told = (name: string) => {
    const answer = observed.get(name)?.answer;
    return answer?.kind === "failed" ? answer.cause : answer?.kind;
  };
  expect(Object.fromEntries(names.map(name => [name, told(name)]))).toEqual({
    good: "reached",
    slow: "reached",
    hangs: "timeout",
    garbage: "protocol",
    silent: "timeout",
    drops: "protocol",
    floods: "reached",
    speaks: "protocol",
    impostor: "hostKey",
    many: "reached",
    past: "reached",
    hop: "reached",
    behind: "reached",
  });
  expect(observed.get("floods")?.told?.facts).toMatchObject({ truncated: true, generationCount: 2 });
  const many = observed.get("many")?.told?.facts;
  expect(many?.generationCount).toBe(10_000);
  expect(many?.generations.length).toBeLessThanOrEqual(200);
  expect(observed.get("past")?.told?.facts.clock).toBe(3);
  expect(network.servers.get("hop")?.mostConnections()).toBeGreaterThan(0);
});

test("odd names of hosts reach no shell and no option, whatever they hold", async () => {
  const names = ["web 1", "-oProxyCommand=touch pwned", "$(touch pwned)", "it's", "日本", "a\nb", "`x`", "*"];
  const network = new Network();
  const { probing, observed } = await appWith(named(...names), network.port());
  await probing.ask(names, { signal: never });
  for (const name of names) expect(observed.get(name)?.answer.kind).toBe("failed");
  const dash = observed.get("-oProxyCommand=touch pwned")?.answer;
  expect(dash).toMatchObject({ cause: "configuration" });
});

test("a broken SSH configuration: what can be read still counts, what is wrong is told, nothing in it is run", async () => {
  const network = new Network();
  await network.add("good");
  network.configure(
    'Host broken\n  Port banana\nMatch exec "touch pwned"\n  User nobody\nInclude /does/not/exist\n',
  );
  const port = network.port();
  const { probing, observed } = await appWith(named("good"), port);
  await probing.ask(["good"], { signal: never });
  expect(observed.get("good")?.answer.kind).toBe("reached");
  expect((await port.resolve({ host: "broken" })).problems).toEqual([
    'a "Match exec" section is skipped: its command is not run',
    "Port banana is not a port; 22 is used",
  ]);
  network.configure('Host "unclosed\n');
  await probing.ask(["good"], { signal: never });
  expect(observed.get("good")?.answer).toMatchObject({ kind: "failed", cause: "configuration" });
});
