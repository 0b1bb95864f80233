import { expect, test } from "vitest";
import { parseDryRun } from "./dryRun";

const path = (name: string) => `/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}`;

test.each([
  ["2.8", "0.34 MiB download, 1.50 MiB unpacked", 356_516, 1_572_864],
  ["2.34", "348.2 KiB download, 1.5 MiB unpacked", 356_557, 1_572_864],
])("Nix %s: derivations to build, paths to fetch, sizes", (_version, sizes, download, unpacked) => {
  const text = [
    "warning: Git tree '/w' is dirty",
    "these 2 derivations will be built:",
    `  ${path("dep.drv")}`,
    `  ${path("top.drv")}`,
    `these 2 paths will be fetched (${sizes}):`,
    `  ${path("hello-2.12")}`,
    `  ${path("glibc-2.40")}`,
    "",
  ].join("\n");
  expect(parseDryRun(text)).toEqual({
    builds: [path("dep.drv"), path("top.drv")],
    fetches: [path("hello-2.12"), path("glibc-2.40")],
    download,
    unpacked,
    unavailable: [],
  });
});

test("one of each is worded in the singular", () => {
  const text = `this derivation will be built:\n  ${path("a.drv")}\nthis path will be fetched (0.00 MiB download, 0.01 MiB unpacked):\n  ${path("b")}\n`;
  expect(parseDryRun(text)).toMatchObject({ builds: [path("a.drv")], fetches: [path("b")], download: 0 });
});

test("Nix 2.3 gives no numbers, colours are passed over, paths that are nowhere are kept apart", () => {
  const text = `\u001b[35;1mwarning:\u001b[0m x\nthese derivations will be built:\n  ${path("a.drv")}\ndon't know how to build these paths:\n  ${path("b")}\nerror: path is required`;
  expect(parseDryRun(text)).toEqual({
    builds: [path("a.drv")],
    fetches: [],
    download: undefined,
    unpacked: undefined,
    unavailable: [path("b")],
  });
});

test("nothing to do is nothing, and what is no store path is no entry", () => {
  expect(parseDryRun("")).toMatchObject({ builds: [], fetches: [] });
  expect(parseDryRun("these 9 derivations will be built:\n  ../../etc/passwd\n  x y").builds).toEqual([]);
});
