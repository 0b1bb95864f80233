import { expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver/node";
import { carryOver } from "./carryOver";

function at(line: number, from: number, to: number): Diagnostic {
  return { range: range(line, from, line, to), message: "m" };
}

function range(line: number, character: number, endLine: number, endCharacter: number) {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}

test("what stands before the edit stays", () => {
  expect(carryOver([at(0, 2, 4)], { range: range(1, 0, 1, 0), text: "x\n" })).toEqual([at(0, 2, 4)]);
});

test("what stands behind moves by lines and characters", () => {
  expect(carryOver([at(3, 2, 4)], { range: range(1, 0, 1, 0), text: "x\ny\r\n" })).toEqual([at(5, 2, 4)]);
  expect(carryOver([at(1, 5, 8)], { range: range(1, 0, 1, 2), text: "abcd" })).toEqual([at(1, 7, 10)]);
  expect(carryOver([at(1, 5, 8)], { range: range(1, 2, 1, 2), text: "a\nbc" })).toEqual([at(2, 5, 8)]);
  expect(carryOver([at(2, 5, 8)], { range: range(1, 3, 2, 1), text: "" })).toEqual([at(1, 7, 10)]);
});

test("what was touched disappears, and everything when the whole text is new", () => {
  expect(carryOver([at(1, 5, 8)], { range: range(1, 6, 1, 7), text: "" })).toEqual([]);
  expect(carryOver([at(1, 5, 8)], { range: range(1, 8, 1, 8), text: "x" })).toEqual([]);
  expect(carryOver([at(1, 5, 8)], { text: "" })).toEqual([]);
});
