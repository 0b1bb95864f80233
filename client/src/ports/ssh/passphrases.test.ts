import { expect, test } from "vitest";
import { never, SCRIPT, sshWorlds } from "../../../../test/harness/sshWorld";
import { createSshPort } from "./sshPort";

const newWorld = sshWorlds();

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
