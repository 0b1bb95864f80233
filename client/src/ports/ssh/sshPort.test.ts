import { expect, test } from "vitest";
import { never, SCRIPT, sshWorlds } from "../../../../test/harness/sshWorld";

const newWorld = sshWorlds();

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

test("a refused login says who was refused and what was tried", async () => {
  const world = newWorld();
  world.key();
  await world.server("prod", { authorized: [] });
  const outcome = await world.port().run({ host: "prod", user: "ship" }, SCRIPT, { signal: never });
  expect(outcome).toMatchObject({ failure: { kind: "auth" } });
  if (outcome.kind === "failed")
    expect(outcome.failure.message).toMatch(/refuses the login as ship: tried .*\/id$/);
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

test("an argument that no shell can hold is an error of the caller, and leaves no connection", async () => {
  const world = newWorld();
  const key = world.key();
  await world.server("prod", { authorized: [key] });
  const run = world.port().run({ host: "prod" }, { ...SCRIPT, args: ["a\0b"] }, { signal: never });
  await expect(run).rejects.toThrow(RangeError);
});
