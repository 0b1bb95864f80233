import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN_TEXT } from "../eval/datum";
import { nixConfSettings, parseNixConf } from "./nixConf";
import { replaceRange, UNKNOWN_MARK } from "./textPart";

function outline(text: string): string[] {
  return parseNixConf(text).map(line => {
    switch (line.kind) {
      case "setting":
        return `${line.name.text} = ${line.words.map(word => word.text + (word.unknown ? "?" : "")).join("|")}`;
      case "include":
        return `${line.optional ? "!" : ""}include ${line.file.text}`;
      case "problem":
        return `${line.problem} [${text.slice(line.at.start, line.at.end)}]`;
      default:
        return line.comment === undefined ? line.kind : `${line.kind} ${line.comment.text}`;
    }
  });
}

function mended(text: string): string {
  for (let rounds = 0; rounds < 10; rounds++) {
    const mend = parseNixConf(text).flatMap(line =>
      line.kind === "problem" && line.mend ? [line.mend] : [],
    )[0];
    if (mend === undefined) return text;
    text = replaceRange(text, mend, mend.newText);
  }
  throw new Error("does not end");
}

describe("parseNixConf", () => {
  it("reads settings, comments, includes and blank lines", () => {
    const text = [
      "# caches",
      "substituters = https://a.org/  https://b.org # mine",
      "",
      "trusted-public-keys =",
      "\tfallback\t=\ttrue\r",
      "include other.conf",
      "!include secret.conf",
      "a = http://h/#x",
    ].join("\n");
    expect(outline(text)).toEqual([
      "blank # caches",
      "substituters = https://a.org/|https://b.org",
      "blank",
      "trusted-public-keys = ",
      "fallback = true",
      "include other.conf",
      "!include secret.conf",
      "a = http://h/",
    ]);
  });

  it("keeps quotes, brackets and commas as part of the words", () => {
    expect(outline('substituters = [ "https://a", ]')).toEqual(['substituters = [|"https://a",|]']);
  });

  it("gives exact offsets", () => {
    const text = "x = 1\r\n  substituters = a  bc # d\n";
    const setting = nixConfSettings(text)[1];
    expect(setting).toMatchObject({ line: 1, start: 7, value: { text: "a  bc" }, comment: { text: "# d" } });
    for (const part of [setting!.name, setting!.value, setting!.comment!, ...setting!.words]) {
      expect(text.slice(part.start, part.end)).toBe(part.text);
    }
  });

  it("finds missing blanks around the equals sign and mends them", () => {
    for (const text of ["substituters=https://a", "substituters= https://a", "substituters =https://a"]) {
      expect(outline(text)).toEqual(["no-blanks-around-equals [=]"]);
      expect(mended(text)).toBe("substituters = https://a");
    }
  });

  it("finds continued lines and joins them", () => {
    const indented = "substituters = https://a\n  https://b\n  https://c\n";
    expect(outline(indented)).toEqual([
      "substituters = https://a",
      "continued-line [https://b]",
      "continued-line [https://c]",
      "blank",
    ]);
    expect(mended(indented)).toBe("substituters = https://a https://b https://c\n");
    expect(mended("substituters = https://a \\\nhttps://b\n")).toBe("substituters = https://a https://b\n");
  });

  it("reports lines that set nothing and includes without one file", () => {
    expect(outline("sandbox true")).toEqual(["no-equals [sandbox true]"]);
    expect(outline("sandbox")).toEqual(["no-equals [sandbox]"]);
    expect(outline("include")).toEqual(["bad-include [include]"]);
    expect(outline("include a b")).toEqual(["bad-include [b]"]);
  });

  it("marks unknown words and judges no line whose form is unknown", () => {
    expect(outline(`substituters = https://a ${UNKNOWN_MARK}/x`)).toEqual([
      "substituters = https://a|\uFFFC/x?",
    ]);
    for (const text of [UNKNOWN_MARK, `a${UNKNOWN_MARK}`, `a ${UNKNOWN_MARK}`, `${UNKNOWN_MARK} = b`]) {
      expect(outline(text)).toEqual(["unknown"]);
    }
    expect(UNKNOWN_MARK).toBe(UNKNOWN_TEXT);
  });

  it("loses no character: lines tile the text", () => {
    const piece = fc.constantFrom(
      "a",
      " ",
      "=",
      "\n",
      "\r\n",
      "#",
      "include",
      "!include",
      "\\",
      UNKNOWN_MARK,
      "\t",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
        const text = pieces.join("");
        let at = 0;
        for (const line of parseNixConf(text)) {
          expect(text.slice(at, line.start)).toMatch(/^(\r?\n)?$/);
          at = line.end;
        }
        expect(text.slice(at)).toMatch(/^\r?$/);
      }),
    );
  });
});
