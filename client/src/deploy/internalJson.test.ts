import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { InternalJson } from "./internalJson";

const folder = path.resolve(import.meta.dirname, "../../../test/fixtures/transcripts");

/** What people read of a recorded log, and how far it came. */
function read(name: string) {
  const nix = new InternalJson();
  const lines = readFileSync(path.join(folder, name), "utf8").split("\n").slice(0, -1);
  const shown = lines.flatMap(line => nix.next(line));
  return { shown, progress: nix.progress };
}

test("a failed build of Nix 2.8: what was built, what the builder said, why it failed; no colours", () => {
  expect(read("nix-2.8.0-build-fails.log").shown).toEqual([
    "building '/nix/store/dhz02jf3sn5hxh0rq3l6sz8l8i4269kw-etc.drv'...",
    "building '/nix/store/zxqkjdkrimhhz3y1hw4dd3fcg22b6d7b-payload-broken.drv'...",
    "payload-broken> src/Main.elm:12:3: NAMING ERROR",
    "payload-broken> I cannot find a `view` variable",
    "error: builder for '/nix/store/zxqkjdkrimhhz3y1hw4dd3fcg22b6d7b-payload-broken.drv' failed with exit code 1",
    "error: 1 dependencies of derivation '/nix/store/nrmgqpmpsn8mi2r10vw7f9aw5dxmixqc-nixos-system-broken-24.11.20241121.1.drv' failed to build",
  ]);
});

test("a build of Nix 2.26 announces what it builds, and its phases are counted", () => {
  const { shown, progress } = read("nix-2.26.3-build.log");
  expect(shown[0]).toBe("these 6 derivations will be built:");
  expect(shown.filter(line => line.startsWith("building '"))).toHaveLength(6);
  expect(progress.builds).toMatchObject({ done: 6, failed: 0 });
});

test("a copy of Nix 2.26 counts paths and bytes to the end", () => {
  const { shown, progress } = read("nix-2.26.3-copy-ssh.log");
  expect(shown).toHaveLength(7);
  expect(shown[1]).toMatch(/^copying path '.*-system-path' to 'ssh:\/\/root@prod'\.\.\.$/);
  expect(progress.copies.done).toBe(6);
  expect(progress.bytes.done).toBeGreaterThan(260_000);
});

test("half way through a copy, the bytes of finished and of running paths are told", () => {
  const nix = new InternalJson();
  const lines = readFileSync(path.join(folder, "nix-2.26.3-copy-ssh.log"), "utf8").split("\n");
  for (const line of lines.slice(0, lines.length / 2)) nix.next(line);
  const { bytes, copies } = nix.progress;
  expect(bytes.expected).toBe(268_520);
  expect(bytes.done).toBeGreaterThan(0);
  expect(bytes.done).toBeLessThan(bytes.expected);
  expect(copies).toMatchObject({ expected: 6, running: 1 });
});

test("a copy of Nix 2.8 tells no bytes: paths are counted", () => {
  const { progress } = read("nix-2.8.0-copy-ssh.log");
  expect(progress.copies).toMatchObject({ done: 6, expected: 6 });
  expect(progress.bytes).toEqual({ done: 0, expected: 0 });
});

test("lines of the other side and of ssh go through as they are", () => {
  const { shown } = read("nix-2.26.3-copy-substitute-on-destination.log");
  expect(shown[0]).toMatch(/^copying path '.*-etc' from 'ssh:\/\/nix-ssh@stage\.test'\.\.\.$/);
  expect(read("nix-2.26.3-copy-connection-lost.log").shown.join("\n")).toContain(
    "error: writing to file: Broken pipe",
  );
});

test("an evaluation error of several lines stays several lines", () => {
  const { shown } = read("nix-2.26.3-eval-fails.log");
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.join("\n")).toContain("error:");
});

test("what is cut off or of an unknown shape is passed over", () => {
  const nix = new InternalJson();
  for (const line of [
    '@nix {"action":"sta',
    "@nix 7",
    "@nix null",
    '@nix {"action":"new"}',
    '@nix {"action":"result"}',
  ])
    expect(nix.next(line)).toEqual([]);
  expect(nix.progress.bytes).toEqual({ done: 0, expected: 0 });
});
