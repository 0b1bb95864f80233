import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { SshWorld } from "../../../../test/harness/sshWorld";
import type { RemoteScript } from "./command";
import { readSshArguments } from "./sshArguments";
import { createSshPort } from "./sshPort";

const SCRIPT: RemoteScript = { name: "a test", text: "echo hello" };

const worlds: SshWorld[] = [];
function newWorld(): SshWorld {
  const world = new SshWorld();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

const never = new AbortController().signal;

test("runs a script over standard input and gives output and exit code", async () => {
  const world = newWorld();
  const seen: string[] = [];
  const key = world.key();
  await world.server("prod", {
    authorized: [key],
    answer: (command, stdin, channel) => {
      seen.push(command, stdin);
      channel.stderr.write("warn");
      channel.write("héllo");
      channel.exit(3);
      channel.end();
    },
  });
  const outcome = await world
    .port()
    .run({ host: "prod" }, { ...SCRIPT, args: ["a b", "$(id)"] }, { signal: never });
  expect(outcome).toEqual({
    kind: "done",
    stdout: "héllo",
    stderr: "warn",
    truncated: false,
    exitCode: 3,
    signal: undefined,
  });
  expect(seen).toEqual(["sh -s", "set -- 'a b' '$(id)'\necho hello"]);
});

test("an unknown host key is shown with its fingerprint and nothing is logged in", async () => {
  const world = newWorld();
  world.key();
  const server = await world.server("prod", {}, "unknown");
  const port = world.port();
  const outcome = await port.run({ host: "prod" }, SCRIPT, { signal: never });
  if (outcome.kind !== "failed") throw new Error("must fail");
  expect(outcome.failure).toMatchObject({
    kind: "hostKey",
    hostKey: { verdict: "unknown", name: `[127.0.0.1]:${server.port}`, type: "ssh-ed25519" },
  });
  expect(outcome.failure.message).toMatch(/SHA256:[A-Za-z0-9+/]{43}\. Compare it/);
  const shown = outcome.failure.hostKey;
  if (shown === undefined) throw new Error("must show the key");
  await port.acceptHostKey(shown);
  expect(readFileSync(world.file("known_hosts"), "utf8")).toBe(
    `[127.0.0.1]:${server.port} ssh-ed25519 ${server.hostKey.base64}\n`,
  );
  expect(await port.run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    kind: "done",
    exitCode: 0,
  });
});

test("a changed host key is refused, explained, and can't be accepted", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", {}, "other");
  const port = world.port();
  const outcome = await port.run({ host: "prod" }, SCRIPT, { signal: never });
  if (outcome.kind !== "failed" || outcome.failure.hostKey === undefined) throw new Error("must fail");
  expect(outcome.failure.message).toMatch(/has changed.*known_hosts, line 1\)/);
  await expect(port.acceptHostKey(outcome.failure.hostKey)).rejects.toThrow(/never written/);
});

test("a revoked host key is refused", async () => {
  const world = newWorld();
  world.key();
  const server = await world.server("prod");
  writeFileSync(world.file("known_hosts"), `@revoked * ${server.hostKey.type} ${server.hostKey.base64}\n`, {
    flag: "a",
  });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({
    failure: { kind: "hostKey", hostKey: { verdict: "revoked", conflict: { line: 2 } } },
  });
});

test("a refused login says who was refused and what was tried", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", { authorized: [] });
  const outcome = await world.port().run({ host: "prod", user: "ship" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({ failure: { kind: "auth" } });
  if (outcome.kind === "failed")
    expect(outcome.failure.message).toMatch(/refuses the login as ship: tried .*\/id$/);
});

test("a passphrase is asked for once, however many hosts want the key, and kept in memory", async () => {
  const world = newWorld();
  world.passphrase = "secret words";
  const key = world.key("id", "secret words");
  await world.server("a", { authorized: [key] });
  await world.server("b", { authorized: [key] });
  const port = world.port();
  const outcomes = await Promise.all(
    ["a", "b", "a"].map(host => port.run({ host }, SCRIPT, { signal: never })),
  );
  expect(outcomes.map(outcome => outcome.kind)).toEqual(["done", "done", "done"]);
  expect(world.asked).toEqual(["id"]);
});

test("somebody who types slowly is waited for: the login that ran out of time is tried again", async () => {
  const world = newWorld();
  const key = world.key("id", "secret words");
  await world.server("a", { authorized: [key] });
  const port = createSshPort({
    settings: () => ({ configFile: world.file("config"), concurrency: 16 }),
    askPassphrase: () => new Promise(resolve => setTimeout(resolve, 5500, "secret words")),
    agentSocket: undefined,
  });
  await world.server("b", { authorized: [key] });
  const outcomes = await Promise.all(
    ["a", "b"].map(host => port.run({ host }, SCRIPT, { signal: never, connectTimeoutMs: 5000 })),
  );
  expect(outcomes).toMatchObject([{ kind: "done" }, { kind: "done" }]);
});

test("work that nobody waits for asks for no passphrase", async () => {
  const world = newWorld();
  world.passphrase = "secret words";
  const key = world.key("id", "secret words");
  await world.server("a", { authorized: [key] });
  const port = world.port();
  const quiet = await port.run({ host: "a" }, SCRIPT, { signal: never, mayAsk: false });
  expect(quiet).toMatchObject({ kind: "failed", failure: { kind: "auth" } });
  expect(world.asked).toEqual([]);
  expect((await port.run({ host: "a" }, SCRIPT, { signal: never })).kind).toBe("done");
});

test("a wrong passphrase is named and asked again the next time", async () => {
  const world = newWorld();
  world.passphrase = "wrong";
  const key = world.key("id", "right");
  await world.server("a", { authorized: [key] });
  const port = world.port();
  const outcome = await port.run({ host: "a" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/the passphrase for .*id is wrong/) },
  });
  world.passphrase = "right";
  expect(await port.run({ host: "a" }, SCRIPT, { signal: never })).toMatchObject({ kind: "done" });
});

test("two jump hosts in a row lead to the target, each with its own key checked", async () => {
  const world = newWorld();
  const key = world.key();
  await world.server("outer", { authorized: [key] });
  await world.server("inner", { authorized: [key] });
  const target = await world.server("prod", { authorized: [key] });
  writeFileSync(
    world.file("config"),
    `Host prod\n  ProxyJump outer,root@inner\n${readFileSync(world.file("config"), "utf8")}`,
  );
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({ kind: "done", stdout: "ok\n" });
  expect(target.mostConnections()).toBe(1);
});

test("port, key and jump host that a deploy node gives to ssh are used, before the user's configuration", async () => {
  const world = newWorld();
  const key = world.key();
  const outer = await world.server("outer", { authorized: [key] });
  const target = await world.server("prod", { authorized: [key] });
  const config = readFileSync(world.file("config"), "utf8").replace(
    /Host prod\n.*\n.*\n/,
    "Host prod\n  Port 1\n",
  );
  writeFileSync(world.file("config"), config.replace(/IdentityFile .*/, "IdentityFile /nowhere"));
  const options = readSshArguments(["-p", String(target.port), "-J", "outer", "-i", world.file("id")]);
  const jumpKey = { host: "127.0.0.1", options };
  writeFileSync(
    world.file("config"),
    `Host outer\n  IdentityFile ${world.file("id")}\n${readFileSync(world.file("config"), "utf8")}`,
  );
  expect(await world.port().run(jumpKey, SCRIPT, { signal: never })).toMatchObject({
    kind: "done",
    exitCode: 0,
  });
  expect([outer.mostConnections(), target.mostConnections()]).toEqual([1, 1]);
});

test("an address of IPv6 is reached, directly and through jump hosts, and known by its brackets", async () => {
  const world = newWorld();
  const key = world.key();
  const jump = await world.server("jump", { authorized: [key], address: "::1" }, "unknown");
  const target = await world.server("target", { authorized: [key], address: "::1" }, "unknown");
  for (const { port, hostKey } of [jump, target])
    writeFileSync(world.file("known_hosts"), `[::1]:${port} ${hostKey.type} ${hostKey.base64}\n`, {
      flag: "a",
    });
  const port = world.port();
  const direct = { host: "::1", port: target.port };
  expect(await port.run(direct, SCRIPT, { signal: never })).toMatchObject({ kind: "done" });
  const options = readSshArguments(["-J", `[::1]:${jump.port}`]);
  expect(await port.run({ ...direct, options }, SCRIPT, { signal: never })).toMatchObject({ kind: "done" });
  expect(jump.mostConnections()).toBe(1);
});

test("the unknown key of a jump host is shown as its own, and accepted where its configuration says", async () => {
  const world = newWorld();
  const key = world.key();
  const outer = await world.server("outer", { authorized: [key] }, "unknown");
  await world.server("prod", { authorized: [key] });
  const before = readFileSync(world.file("config"), "utf8");
  const ofJump = `Host outer\n  UserKnownHostsFile ${world.file("jumps")}\nHost prod\n  ProxyJump outer\n`;
  writeFileSync(world.file("config"), `${ofJump}${before}`);
  const port = world.port();
  const outcome = await port.run({ host: "prod" }, SCRIPT, { signal: never });
  if (outcome.kind !== "failed" || outcome.failure.hostKey === undefined) throw new Error("must show a key");
  expect(outcome.failure.message).toMatch(/^jump host outer: the host key of /);
  expect(outcome.failure.hostKey).toMatchObject({
    jumpHost: "outer",
    acceptIn: { file: world.file("jumps") },
  });
  await port.acceptHostKey(outcome.failure.hostKey);
  expect(readFileSync(world.file("jumps"), "utf8")).toContain(outer.hostKey.base64);
  expect(await port.run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({ kind: "done" });
});

test("a failing jump host is named", async () => {
  const world = newWorld();
  world.key();
  await world.server("outer", { authorized: [] });
  await world.server("prod");
  writeFileSync(
    world.file("config"),
    `Host prod\n  ProxyJump outer\n${readFileSync(world.file("config"), "utf8")}`,
  );
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/^jump host outer: /) },
  });
});

test("a jump host that never reaches the next one is left at the time limit, and at a cancel", async () => {
  const world = newWorld();
  world.key();
  await world.server("outer", { hangForwards: true });
  await world.server("prod");
  writeFileSync(
    world.file("config"),
    `Host prod\n  ProxyJump outer\n${readFileSync(world.file("config"), "utf8")}`,
  );
  const port = world.port();
  const late = await port.run({ host: "prod" }, SCRIPT, { signal: never, connectTimeoutMs: 400 });
  expect(late).toMatchObject({
    failure: { kind: "timeout", message: expect.stringMatching(/from the jump host within/) },
  });
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 300);
  expect(await port.run({ host: "prod" }, SCRIPT, { signal: abort.signal })).toMatchObject({
    failure: { kind: "cancelled" },
  });
});

test("a host that hangs after its banner ends at the time limit", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", { hangAfterBanner: true });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never, connectTimeoutMs: 300 });
  expect(outcome).toMatchObject({ failure: { kind: "timeout" } });
});

test("a host that never finishes the command ends at the time limit", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", { answer: () => undefined });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never, runTimeoutMs: 200 });
  expect(outcome).toMatchObject({
    failure: { kind: "timeout", message: expect.stringMatching(/did not finish a test/) },
  });
});

test("a host that floods is cut at the limit", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", {
    answer: (_command, _stdin, channel) => {
      for (let i = 0; i < 64; i++) channel.write("x".repeat(16384));
      channel.exit(0);
      channel.end();
    },
  });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never, maxBytes: 10_000 });
  expect(outcome).toMatchObject({ kind: "done", truncated: true, stdout: "x".repeat(10_000) });
});

test("a host that floods without end is left at once", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", {
    answer: (_command, _stdin, channel) => {
      const flood = (): void => {
        while (channel.write("x".repeat(32768)));
        channel.once("drain", flood);
      };
      flood();
    },
  });
  const outcome = await world
    .port()
    .run({ host: "prod" }, SCRIPT, { signal: never, maxBytes: 10_000, runTimeoutMs: 60_000 });
  expect(outcome).toMatchObject({
    kind: "done",
    truncated: true,
    exitCode: undefined,
    stdout: "x".repeat(10_000),
  });
});

test("a connection that breaks in the middle of a command is said to have broken", async () => {
  const world = newWorld();
  world.key();
  const server = await world.server("prod", { answer: () => void server.stop() });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({
    failure: { kind: "unreachable", message: expect.stringMatching(/broke while a test ran/) },
  });
});

test("something that is not SSH is a protocol failure", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", { garbage: "HTTP/1.1 400 Bad Request\r\n\r\n" });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never, connectTimeoutMs: 2000 });
  expect(outcome.kind).toBe("failed");
  if (outcome.kind === "failed") expect(["protocol", "timeout"]).toContain(outcome.failure.kind);
});

test("a closed port and an unknown name are told apart", async () => {
  const world = newWorld();
  world.key();
  const server = await world.server("prod");
  await server.stop();
  const port = world.port();
  expect(await port.run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "unreachable" },
  });
  expect(await port.run({ host: "no-such-host.invalid" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "dns" },
  });
});

test("names that would be options never connect", async () => {
  const world = newWorld();
  world.key();
  for (const host of ["-oProxyCommand=touch x", "-p"])
    expect(await world.port().run({ host }, SCRIPT, { signal: never })).toMatchObject({
      failure: { kind: "configuration" },
    });
});

test("odd host names go to the resolver as they are and run nothing", async () => {
  const world = newWorld();
  world.key();
  for (const host of ["a b", "$(touch /tmp/x)", "'\"`", "prod\nHost evil", "hôte"]) {
    const outcome = await world.port().run({ host }, SCRIPT, { signal: never, connectTimeoutMs: 3000 });
    expect(outcome.kind).toBe("failed");
  }
});

test("an abort ends a waiting, a connecting and a running run", async () => {
  const world = newWorld();
  world.key();
  world.concurrency = 1;
  await world.server("hang", { hangAfterBanner: true });
  await world.server("slow", { answer: () => undefined });
  const port = world.port();
  for (const host of ["hang", "slow"]) {
    const abort = new AbortController();
    const running = port.run({ host }, SCRIPT, { signal: abort.signal });
    const waiting = port.run({ host }, SCRIPT, { signal: abort.signal });
    setTimeout(() => abort.abort(), 150);
    expect(await running).toMatchObject({ failure: { kind: "cancelled" } });
    expect(await waiting).toMatchObject({ failure: { kind: "cancelled" } });
  }
});

test("an abort is heard at every moment of connecting", async () => {
  const world = newWorld();
  world.key();
  await world.server("hang", { hangAfterBanner: true });
  const port = world.port();
  for (let turns = 0; turns < 12; turns++) {
    const abort = new AbortController();
    const running = port.run({ host: "hang" }, SCRIPT, { signal: abort.signal });
    for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve));
    abort.abort();
    expect(await running).toMatchObject({ failure: { kind: "cancelled" } });
  }
});

test("no more hosts are worked with at once than the setting says", async () => {
  const world = newWorld();
  world.key();
  world.concurrency = 3;
  let running = 0;
  let most = 0;
  await world.server("prod", {
    answer: (_command, _stdin, channel) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        channel.exit(0);
        channel.end();
      }, 50);
    },
  });
  const port = world.port();
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => port.run({ host: "prod" }, SCRIPT, { signal: never })),
  );
  expect(outcomes.every(outcome => outcome.kind === "done")).toBe(true);
  expect(most).toBeLessThanOrEqual(3);
});

test("a waiter that is cancelled when its turn comes gives it to the next", async () => {
  const world = newWorld();
  const key = world.key();
  let served = false;
  await world.server("prod", {
    authorized: [key],
    answer: (_command, _stdin, channel) => {
      served = true;
      channel.exit(0);
      channel.end();
    },
  });
  const abort = new AbortController();
  const port = createSshPort({
    settings: () => {
      // asked anew by whoever is called next, after the first is done
      if (served) abort.abort();
      return { configFile: world.file("config"), concurrency: 1 };
    },
    askPassphrase: async () => undefined,
  });
  const run = (signal: AbortSignal) => port.run({ host: "prod" }, SCRIPT, { signal });
  const outcomes = await Promise.all([run(never), run(abort.signal), run(never)]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["done", "failed", "done"]);
});

test("an argument that no shell can hold is an error of the caller, and leaves no connection", async () => {
  const world = newWorld();
  const key = world.key();
  await world.server("prod", { authorized: [key] });
  const run = world.port().run({ host: "prod" }, { ...SCRIPT, args: ["a\0b"] }, { signal: never });
  await expect(run).rejects.toThrow(RangeError);
});

test("a question for a passphrase that breaks is said to have broken, and asked anew", async () => {
  const world = newWorld();
  const key = world.key("id", "secret words");
  await world.server("prod", { authorized: [key] });
  let asked = 0;
  const port = createSshPort({
    settings: () => ({ configFile: world.file("config"), concurrency: 1 }),
    askPassphrase: async () => {
      if (++asked === 1) throw new Error("the window is gone");
      return "secret words";
    },
  });
  const run = () => port.run({ host: "prod" }, SCRIPT, { signal: never, connectTimeoutMs: 3_000 });
  const outcome = await run();
  expect(outcome).toMatchObject({
    failure: { kind: "auth", message: expect.stringContaining("the window is gone") },
  });
  expect(await run()).toMatchObject({ kind: "done" });
});
