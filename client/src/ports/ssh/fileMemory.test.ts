import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readText, readTextIfAny, readTextSync } from "./fileMemory";

const folder = mkdtempSync(path.join(os.tmpdir(), "fm-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a file that was changed, replaced or removed is not taken for what it was, however soon", async () => {
  const file = path.join(folder, "known_hosts");
  for (let n = 0; n < 100; n++) {
    writeFileSync(file, `line ${n}`);
    expect([await readText(file), readTextSync(file)]).toEqual([`line ${n}`, `line ${n}`]);
  }
  const other = path.join(folder, "other");
  writeFileSync(other, "same len");
  renameSync(other, file);
  expect(readTextSync(file)).toBe("same len");
  rmSync(file);
  expect(await readTextIfAny(file)).toBeUndefined();
  await expect(readText(file)).rejects.toThrow(/ENOENT/);
});
