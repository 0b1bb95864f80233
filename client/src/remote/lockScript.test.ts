import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { LOCK } from "./lockScript";

/** The script on this machine, with its lock in a folder of ours. */
function machine() {
  const dir = path.join(mkdtempSync(path.join(tmpdir(), "lock-")), "lock");
  const body = LOCK.replace("/run/nix-deploy.lock", dir);
  const script = `tell() { printf '%s=%s\\n' "$1" "$2"; }\nscript() {\n${body}\n}\nscript "$@"`;
  const run = (verb: string, token: string, stale = ""): string =>
    execFileSync("sh", ["-c", script, "sh", verb, token, "ann@desk", "switch (direct)", stale], {
      encoding: "utf8",
    });
  return { dir, run };
}

test("one has the lock until it is released; others are told who", () => {
  const { dir, run } = machine();
  expect(run("look", "a")).toBe("free=yes\n");
  expect(run("take", "a")).toBe("taken=yes\n");
  expect(run("take", "b")).toMatch(/^token=a\nage=\d+\nowner=ann@desk\nreason=switch \(direct\)\n$/);
  expect(run("release", "b")).toBe("released=no\n");
  expect(run("release", "a")).toBe("released=yes\n");
  expect(existsSync(dir)).toBe(false);
});

test("only the lock that the user was asked about is broken", () => {
  const { run } = machine();
  run("take", "a");
  expect(run("break", "c", "b")).toContain("token=a\n");
  expect(run("break", "c", "a")).toBe("taken=yes\n");
});

test("a lock is never put into what an earlier attempt left", () => {
  const { dir, run } = machine();
  run("take", "a");
  mkdirSync(`${dir}.b`);
  writeFileSync(`${dir}.b/info`, "left");
  expect(run("break", "b", "a")).toContain("token=a\n");
  expect(readdirSync(`${dir}.b`)).toEqual(["info"]);
  expect(readFileSync(`${dir}/info`, "utf8")).toContain("a\n");
});
