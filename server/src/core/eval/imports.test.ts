// Reading files: what is imported, what is recorded, what is kept.

import { expect, test } from "vitest";
import { evaluate, evaluated } from "../../../../test/harness/evaluate";

test("files and directories are read through the port", () => {
  const files = {
    "main.nix":
      "{ x = import ./hosts; y = builtins.attrNames (builtins.readDir ./hosts); z = builtins.readFile ./t.txt; }",
    "hosts/default.nix": "{ a = import ./a.nix; }",
    "hosts/a.nix": "1",
    "t.txt": "text",
  };
  expect(evaluated(files)).toBe('{ x = { a = 1; }; y = [ "a.nix" "default.nix" ]; z = "text"; }');
});

test("what is missing inside the workspace is an error, what is outside is not known", () => {
  expect(evaluated("import ./nope.nix")).toBe(
    "<error missing-import: getting status of '/repo/nope.nix': No such file or directory>",
  );
  expect(evaluated("import /etc/nixos/x.nix")).toBe("<unknown: /etc/nixos/x.nix: outside the workspace>");
  expect(evaluated("builtins.pathExists ./nope.nix")).toBe("false");
  expect(evaluated("builtins.pathExists /etc/passwd")).toBe("<unknown: /etc/passwd: outside the workspace>");
});

test("what is missing is told to each who imports it, at the place of that import", () => {
  const text = "{ a = import ./nope.nix; b = import ./nope.nix; }";
  const { value, ctx } = evaluate({ "main.nix": text });
  const starts = ["a", "b"].map(name => ctx.select(value, name).span?.start);
  expect(starts).toEqual([text.indexOf("import"), text.lastIndexOf("import")]);
});

test("an evaluation records all that it asked for, and only that", () => {
  const { value, ctx } = evaluate({
    "main.nix":
      "{ a = import ./a.nix; b = import ./b.nix; c = builtins.readDir ./d; e = builtins.pathExists ./e; }",
    "a.nix": "1",
    "b.nix": "2",
    "d/f": "",
  });
  for (const name of ["a", "c", "e"]) ctx.select(value, name);
  expect([...ctx.reads.files]).toEqual(["/repo/main.nix", "/repo/a.nix"]);
  expect([...ctx.reads.directories]).toEqual(["/repo/d"]);
  expect([...ctx.reads.existence]).toContain("/repo/e");
});

test("a file is evaluated once however often it is imported", () => {
  const { value, ctx } = evaluate({
    "main.nix": "[ (import ./a.nix) (import ./a.nix) ]",
    "a.nix": "{ x = 1; }",
  });
  if (value.kind !== "list") throw new Error("a list was expected");
  const [first, second] = value.items.map(item => ctx.force(item));
  expect(first).toBe(second);
});

test("scopedImport adds names", () => {
  expect(
    evaluated({ "main.nix": "scopedImport { x = 1; } ./a.nix", "a.nix": "x + builtins.length [ ]" }),
  ).toBe("1");
});

test("paths that are copied to the store keep their place and lose their text", () => {
  const inStore = (path: string) => path.startsWith("/repo");
  expect(evaluated("baseNameOf ./a/b.nix", { inStore })).toBe('"b.nix"');
  expect(evaluated("toString ./a", { inStore })).toBe("<unknown: the store path of /repo/a>");
  expect(evaluated({ "main.nix": 'import (./. + "/a.nix")', "a.nix": "1" }, { inStore })).toBe("1");
  const pieces = { "main.nix": 'let d = ./.; n = "b"; in import /${d}/${n}/${/c.nix}', "b/c.nix": "2" };
  expect(evaluated(pieces, { inStore })).toBe("2");
  expect(evaluated("/a/${./b}/c", { inStore })).toBe("<unknown: the store path of /repo/b>");
  expect(evaluated({ "main.nix": "import /a/${./b}/c", "b/default.nix": "3" }, { inStore })).toBe(
    "<unknown: the store path of /repo/b>",
  );
});
