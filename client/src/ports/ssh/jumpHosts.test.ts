import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { never, SCRIPT, sshWorlds } from "../../../../test/harness/sshWorld";
import { readSshArguments } from "./sshArguments";

const newWorld = sshWorlds();

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
