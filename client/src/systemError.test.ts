import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { fileErrorText } from "./systemError";

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test("what the file system refuses is told with its path and cause", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "errors-"));
  const [file, none] = [path.join(folder, "file"), path.join(folder, "none", "file")];
  writeFileSync(file, "");
  mkdirSync(path.join(folder, "taken"));
  const long = path.join(folder, "x".repeat(300));
  expect(fileErrorText(await thrown(writeFile(none, "")))).toBe(`${none}: no such file or folder`);
  expect(fileErrorText(await thrown(writeFile(`${file}/below`, "")))).toBe(
    `${file}/below: a part of the path is no folder`,
  );
  expect(fileErrorText(await thrown(writeFile(path.join(folder, "taken"), "")))).toContain(
    "a folder, not a file",
  );
  expect(fileErrorText(await thrown(readFile(long)))).toContain("the name is too long");
});

test("every other error is not one of the file system", () => {
  const spawn = Object.assign(new Error("spawn nix ENOENT"), {
    code: "ENOENT",
    syscall: "spawn nix",
    path: "nix",
  });
  for (const error of [
    new Error("odd"),
    "odd",
    undefined,
    Object.assign(new Error("odd"), { code: "X" }),
    spawn,
  ])
    expect(fileErrorText(error)).toBeUndefined();
});
