import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "./files";

const folder = () => mkdtempSync(path.join(tmpdir(), "files-"));
const modeOf = (file: string) => statSync(file).mode & 0o777;

test("a file is replaced as a whole, also by two at once, and nothing else is left behind", async () => {
  const place = folder();
  const file = path.join(place, "a", "state.json");
  await nodeFiles.replaceText(file, "first");
  expect(modeOf(file)).toBe(0o600);
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
  await Promise.all(texts.map(text => nodeFiles.replaceText(file, text)));
  expect(texts).toContain(readFileSync(file, "utf8"));
  expect(readdirSync(path.dirname(file))).toEqual(["state.json"]);
});

test("a file that is replaced keeps its rights", async () => {
  const file = path.join(folder(), "deploy.json");
  writeFileSync(file, "old");
  chmodSync(file, 0o644);
  await nodeFiles.replaceText(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(modeOf(file)).toBe(0o644);
});

test("what can't be replaced leaves nothing behind", async () => {
  const place = folder();
  mkdirSync(path.join(place, "taken", "inside"), { recursive: true });
  await expect(nodeFiles.replaceText(path.join(place, "taken"), "new")).rejects.toThrow();
  expect(readdirSync(place)).toEqual(["taken"]);
});

test("links are followed to where they lead; what is not there is where it would be", async () => {
  const place = folder();
  mkdirSync(path.join(place, "real"));
  symlinkSync(path.join(place, "real"), path.join(place, "link"));
  const real = await nodeFiles.realPath(path.join(place, "link"));
  expect(path.basename(real)).toBe("real");
  expect(await nodeFiles.realPath(path.join(place, "none"))).toBe(path.join(place, "none"));
});
