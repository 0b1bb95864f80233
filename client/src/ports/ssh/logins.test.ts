import { chmodSync, writeFileSync } from "node:fs";
import { utils } from "ssh2";
import { afterEach, expect, test } from "vitest";
import { type RunningAgent, startAgent } from "../../../../test/harness/sshAgent";
import { makeKey } from "../../../../test/harness/sshServer";
import { never, SCRIPT, type SshWorld, sshWorlds } from "../../../../test/harness/sshWorld";

const newWorld = sshWorlds();
const agents: RunningAgent[] = [];

async function agentOf(world: SshWorld, ...args: Parameters<typeof startAgent>): Promise<RunningAgent> {
  const agent = await startAgent(...args);
  agents.push(agent);
  world.agentSocket = agent.socket;
  return agent;
}

function privateKey(passphrase?: string) {
  const key = makeKey(passphrase);
  const parsed = utils.parseKey(key.privateText, passphrase);
  if (parsed instanceof Error) throw parsed;
  return { ...key, whole: parsed };
}

afterEach(async () => {
  for (const agent of agents.splice(0)) {
    await expect.poll(() => agent.connections(), { message: "a stream to the agent leaked" }).toBe(0);
    await agent.stop();
  }
});

test("nobody is asked for the passphrase of a key that the host would not take", async () => {
  const world = newWorld();
  world.passphrase = "secret words";
  world.key("locked", "secret words");
  await world.server("prod", { authorized: [] });
  const outcome = await world.port().run({ host: "prod" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/tried .*locked/) },
  });
  expect(world.asked).toEqual([]);
});

test("a key that the agent has is not asked for again from its locked file", async () => {
  const world = newWorld();
  world.passphrase = "secret words";
  const key = privateKey("secret words");
  writeFileSync(world.file("id"), key.privateText, { mode: 0o600 });
  world.config(
    `Host *\n  IdentityFile ${world.file("id")}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${world.file("known_hosts")}\n`,
  );
  await agentOf(world, [key.whole], "signs");
  await world.server("good", { authorized: [key.parsed] });
  await world.server("bad", { authorized: [] });
  const port = world.port();
  expect(await port.run({ host: "good" }, SCRIPT, { signal: never })).toMatchObject({
    kind: "done",
    stdout: "ok\n",
  });
  expect(await port.run({ host: "bad" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/tried 1 key of the SSH agent$/) },
  });
  expect(world.asked).toEqual([]);
});

test("with IdentitiesOnly an agent's other keys are kept from the host", async () => {
  const world = newWorld();
  world.config("Host *\n  IdentitiesOnly yes\n");
  world.key("id");
  const others = [privateKey(), privateKey()];
  await agentOf(
    world,
    others.map(key => key.whole),
    "signs",
  );
  const server = await world.server("prod", { authorized: others.map(key => key.parsed) });
  expect(await world.port().run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "auth" },
  });
  expect(server.refused()).toBeGreaterThan(0);
});

test("an agent that refuses to sign is said to, and the key files are tried", async () => {
  const world = newWorld();
  const ofAgent = privateKey();
  const key = world.key();
  await agentOf(world, [ofAgent.whole], "refuses");
  await world.server("both", { authorized: [ofAgent.parsed, key] });
  await world.server("agent", { authorized: [ofAgent.parsed] });
  const port = world.port();
  expect(await port.run({ host: "both" }, SCRIPT, { signal: never })).toMatchObject({ kind: "done" });
  expect(await port.run({ host: "agent" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/the SSH agent did not sign/) },
  });
});

test("an agent that never answers costs the time limit, and its stream is closed", async () => {
  const world = newWorld();
  world.key();
  const agent = await agentOf(world, [], "hangs");
  await world.server("prod");
  const running = world.port().run({ host: "prod" }, SCRIPT, { signal: never, connectTimeoutMs: 1500 });
  expect(await running).toMatchObject({ failure: { kind: "timeout" } });
  await expect.poll(() => agent.connections()).toBe(0);
});

test("a key file that others may read is not used, as with ssh, and named", async () => {
  const world = newWorld();
  const key = world.key();
  chmodSync(world.file("id"), 0o644);
  await world.server("prod", { authorized: [key] });
  expect(await world.port().run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "auth", message: expect.stringMatching(/id may be read by others.*chmod 600/) },
  });
});

test("where the configuration allows no keys nothing is tried", async () => {
  const world = newWorld();
  world.config("Host *\n  PubkeyAuthentication no\n");
  world.key();
  const server = await world.server("prod");
  expect(await world.port().run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "configuration", message: expect.stringMatching(/allows no login with a key/) },
  });
  expect(server.mostConnections()).toBe(0);
});

test("ConnectTimeout of the configuration counts", async () => {
  const world = newWorld();
  world.config("Host *\n  ConnectTimeout 1\n");
  world.key();
  await world.server("prod", { hangAfterBanner: true });
  expect(await world.port().run({ host: "prod" }, SCRIPT, { signal: never })).toMatchObject({
    failure: { kind: "timeout", message: expect.stringMatching(/within 1 s/) },
  });
});

test("200 failures of all kinds, and as many abandoned attempts, leave no socket, timer or child behind", async () => {
  const world = newWorld();
  const key = world.key();
  await agentOf(world, [privateKey().whole], "signs");
  await world.server("good", { authorized: [key] });
  await world.server("refuses", { authorized: [] });
  await world.server("hangs", { hangAfterBanner: true });
  await world.server("garbage", { garbage: "HTTP/1.1 400\r\n\r\n" });
  await world.server("changed", {}, "other");
  await world.server("unknown", {}, "unknown");
  await world.server("endless", { answer: () => undefined });
  await world.server("drops", { answer: (_command, _stdin, channel) => channel.destroy() });
  await world.server("floods", {
    answer: (_command, _stdin, channel) => void channel.write("x".repeat(2_000_000)),
  });
  const closed = await world.server("closed");
  await closed.stop();
  world.config("Host jumps\n  HostName 127.0.0.1\n  Port 1\n  ProxyJump refuses\n");
  const hosts = [
    "good",
    "refuses",
    "hangs",
    "garbage",
    "changed",
    "unknown",
    "endless",
    "drops",
    "floods",
    "closed",
  ];
  const names = [...hosts, "jumps", "no-such-host.invalid", "-x"];
  const port = world.port();
  const limits = { connectTimeoutMs: 3000, runTimeoutMs: 300 };
  const handles = (): string =>
    process
      .getActiveResourcesInfo()
      .filter(kind => /TCPSocket|Pipe|Process|Timeout/.test(kind))
      .sort()
      .join();
  const before = handles();
  const outcomes = await Promise.all(
    Array.from({ length: 208 }, (_, index) => {
      const abort = new AbortController();
      if (index % 4 === 0) setTimeout(() => abort.abort(), index);
      return port.run({ host: names[index % names.length] ?? "" }, SCRIPT, {
        signal: abort.signal,
        ...limits,
      });
    }),
  );
  expect(
    new Set(outcomes.map(outcome => (outcome.kind === "failed" ? outcome.failure.kind : "done"))),
  ).toEqual(
    new Set([
      "done",
      "auth",
      "timeout",
      "hostKey",
      "cancelled",
      "unreachable",
      "protocol",
      "dns",
      "configuration",
    ]),
  );
  await expect.poll(handles, { timeout: 10_000 }).toBe(before);
}, 120_000);
