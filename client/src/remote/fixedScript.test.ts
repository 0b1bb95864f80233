import { expect, test } from "vitest";
import { readAnswers } from "./fixedScript";

test("answers are the marked lines, by key and in their order, without control characters", () => {
  const answers = readAnswers("banner\nm key one\nm other \u001b[31mred\r\nm key two \nm end ok\n", "m");
  expect(answers.all("key")).toEqual(["one", "two"]);
  expect(answers.one("key")).toBe("two");
  expect(answers.one("other")).toBe("[31mred");
  expect(answers.all("none")).toEqual([]);
  expect(answers.complete).toBe(true);
});

test("a host that answers tens of thousands of lines holds nobody up", () => {
  const mark = "0123456789abcdef01";
  const line = `${mark} k v\n`;
  // as much as is read of an answer
  const lines = Math.floor(2 ** 20 / line.length);
  const started = performance.now();
  expect(readAnswers(line.repeat(lines), mark).all("k")).toHaveLength(lines);
  expect(performance.now() - started).toBeLessThan(1_000);
});
