import { expect, test } from "vitest";
import { analysePrefixes } from "./prefixes";

test("every prefix of one half of the examples and fixtures of the rules", () => {
  expect(analysePrefixes(0)).toBeGreaterThan(200);
}, 1_200_000);
