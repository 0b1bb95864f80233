import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAge, formatBytes, formatTime } from "./amounts";

test("sizes are read in the unit that fits", () => {
  const texts = [0, 1023, 1024, 1536, 200 * 2 ** 20, 5 * 2 ** 40, -2048].map(formatBytes);
  expect(texts).toEqual(["0 B", "1023 B", "1.0 KB", "1.5 KB", "200 MB", "5.0 TB", "−2.0 KB"]);
});

test("ages are rough, and a wrong clock makes none", () => {
  const texts = [0, 61, 7200, 86_400 * 3, -1, Number.NaN].map(formatAge);
  expect(texts).toEqual(["<1 min", "1 min", "2 h", "3 d", undefined, undefined]);
});

test("no number makes them throw", () => {
  fc.assert(
    fc.property(fc.double(), value => {
      formatBytes(value);
      formatAge(value);
      formatTime(value);
    }),
  );
  expect(formatTime(1e20)).toBeUndefined();
});
