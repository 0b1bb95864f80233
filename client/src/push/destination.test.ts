import { expect, test } from "vitest";
import { UserError } from "../userError";
import { canSign, isSameCache, parseDestination, storeUrlOf } from "./destination";

test("destinations are read, and what cannot be one is explained", () => {
  expect(parseDestination("cachix:my-cache")).toEqual({ kind: "cachix", cache: "my-cache" });
  expect(parseDestination("https://my-cache.cachix.org?priority=10")).toEqual({
    kind: "cachix",
    cache: "my-cache",
  });
  expect(parseDestination("attic:own:fleet")).toEqual({ kind: "attic", cache: "own:fleet" });
  expect(parseDestination("s3://bucket?region=eu-central-1")).toMatchObject({ kind: "store" });
  for (const text of [
    "",
    "cachix:",
    "cachix:-f",
    "attic:a b",
    "--help",
    "daemon",
    "https://u:p@cache.test",
    "file:///a b",
  ])
    expect(() => parseDestination(text)).toThrow(UserError);
});

test("a key is handed over as the name of its file, and only to caches without a Nix of their own", () => {
  const destination = { kind: "store", url: "file:///cache?priority=1", secretKeyFile: "/k & co" } as const;
  expect(storeUrlOf(destination)).toBe("file:///cache?priority=1&secret-key=%2Fk%20%26%20co");
  expect(storeUrlOf({ ...destination, secretKeyFile: undefined })).toBe("file:///cache?priority=1");
  expect(
    ["file:///c", "s3://c", "https://c.test", "ssh://c", "ssh-ng://c"].map(url =>
      canSign(parseDestination(url)),
    ),
  ).toEqual([true, true, true, false, false]);
});

test("a destination is known as a cache of the fleet in any spelling", () => {
  expect(isSameCache(parseDestination("cachix:mine"), "https://mine.cachix.org/?priority=3")).toBe(true);
  expect(isSameCache(parseDestination("s3://bucket?region=eu-central-1"), "s3://other")).toBe(false);
  expect(isSameCache(parseDestination("attic:mine"), "https://mine.cachix.org")).toBe(false);
});
