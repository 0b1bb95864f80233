import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { never, SCRIPT, sshWorlds } from "../../../../test/harness/sshWorld";

const newWorld = sshWorlds();

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
