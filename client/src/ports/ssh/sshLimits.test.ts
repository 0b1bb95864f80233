import { expect, test } from "vitest";
import { never, SCRIPT, sshWorlds } from "../../../../test/harness/sshWorld";
import { createSshPort } from "./sshPort";

const newWorld = sshWorlds();

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
