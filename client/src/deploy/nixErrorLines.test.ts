import { expect, test } from "vitest";
import { NixErrorLines } from "./nixErrorLines";
import { printable } from "./terminalLines";

const STORE = "/nix/store/rr583cs8z9b33p05qswbpx45z161jcx6-source";

function pass(lines: readonly string[]): readonly string[] {
  const files = { same: (_stored: string, own: string) => own === "/w/flake.nix" };
  const filter = new NixErrorLines("/w", files);
  return [...lines.flatMap(line => filter.next(line)), ...filter.end()];
}

test("the old form becomes the new one, and a copy in the store leads back to the project", () => {
  expect(
    pass(["error: undefined variable 'x'", "", `       at ${STORE}/flake.nix:3:13:`, "", "  2|"]),
  ).toEqual(["error: undefined variable 'x'", "       at /w/flake.nix:3:13:", "", "  2|"]);
});

test("other files of the store stay what they are", () => {
  expect(pass([`       at ${STORE}/lib/default.nix:1:1:`])).toEqual([
    `       at ${STORE}/lib/default.nix:1:1:`,
  ]);
});

test("nothing else is lost or moved", () => {
  const lines = ["error: a", "", "not a place", "", "", "error: b", ""];
  expect(pass(lines)).toEqual(lines);
});

test("output of a host keeps its colours and loses everything that moves the cursor", () => {
  expect(printable("\u001b[31mred\u001b[0m\u001b]0;title\u0007\r\u001b[2Jx\ty")).toBe(
    "\u001b[31mred\u001b[0m]0;title[2Jx    y",
  );
});
