import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundleFile, collectTexts } from "../scripts/l10n.mjs";

test("the bundle holds every text of the client, and no text bypasses it; else run: node scripts/l10n.mjs", () => {
  const { bundle, wrong } = collectTexts();
  expect(wrong).toEqual([]);
  expect(readFileSync(bundleFile, "utf8")).toBe(bundle);
}, 60_000);
