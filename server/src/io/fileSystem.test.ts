import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { corePath, readTextFile, readTextFileNow, writeTextFile } from "./fileSystem";

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), "nix-deploy-io-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function fileOf(content: string | Buffer): Promise<string> {
  const file = path.join(await folder(), "a.nix");
  await writeFile(file, content);
  return file;
}

describe.each([["readTextFile", readTextFile] as const, ["readTextFileNow", readTextFileNow] as const])(
  "%s",
  (_name, read) => {
    test("text comes back as it is, with a byte-order mark dropped", async () => {
      expect(await read(await fileOf("é 👩‍🚀\r\n"))).toEqual({ kind: "text", text: "é 👩‍🚀\r\n" });
      expect(await read(await fileOf("\uFEFF{ }"))).toEqual({ kind: "text", text: "{ }" });
      expect(await read(await fileOf(""))).toEqual({ kind: "text", text: "" });
    });

    test("a missing file is gone, also beneath a file", async () => {
      const file = await fileOf("{ }");
      expect(await read(`${file}.other`)).toEqual({ kind: "gone" });
      expect(await read(`${file}/inner.nix`)).toEqual({ kind: "gone" });
    });

    test("binary content, invalid UTF-8 and large files are named as such", async () => {
      expect(await read(await fileOf(Buffer.from([123, 32, 0, 125])))).toMatchObject({
        problem: { reason: "binary", message: "is not text: there is a NUL byte at offset 2" },
      });
      expect(await read(await fileOf(Buffer.from([0x22, 0xe9, 0x22])))).toMatchObject({
        problem: { reason: "not-utf8", message: "is not valid UTF-8" },
      });
      expect(await read(await fileOf("x".repeat(2_000)), 1_000)).toMatchObject({
        problem: { reason: "too-large" },
      });
    });

    test("folders, named pipes and endless devices are no files", async () => {
      const made = await folder();
      const pipe = path.join(made, "pipe.nix");
      await promisify(execFile)("mkfifo", [pipe]);
      for (const file of [made, pipe, "/dev/zero"])
        expect(await read(file)).toMatchObject({ problem: { reason: "not-a-file" } });
    });

    test("a file whose size is not told in advance is read to its end", async () => {
      const outcome = await read("/proc/self/status");
      expect(outcome.kind === "text" && outcome.text).toContain("Name:");
    });
  },
);

test("writing replaces the text and keeps the mode", async () => {
  const file = await fileOf("old");
  await chmod(file, 0o640);
  await writeTextFile(file, "new");
  expect(await readFile(file, "utf8")).toBe("new");
  expect((await stat(file)).mode & 0o777).toBe(0o640);
});

test("a core path is absolute and normal", () => {
  expect(corePath("/a/./b/../c.nix")).toBe("/a/c.nix");
});
