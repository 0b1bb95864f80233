import { describe, expect, it } from "vitest";
import { findSetting } from "./nixSettings";
import { meantValue, settingValueProblem } from "./settingValue";

function setting(name: string) {
  const match = findSetting(name);
  if (match === undefined) throw new Error(name);
  return match.setting;
}

describe("settingValueProblem", () => {
  // Observed with `nix show-config` of 2.8.0.
  it.each([
    ["keep-going = yes", undefined],
    ["keep-going = on", "not-a-boolean"],
    ["keep-going =", "not-a-boolean"],
    ["keep-going = true true", "not-a-boolean"],
    ["cores = 08", undefined],
    ["cores = 1 2", "not-an-integer"],
    ["cores =", "not-an-integer"],
    ["cores = +3", undefined],
    ["cores = -1", "not-an-integer"],
    ["cores = -0", "not-an-integer"],
    ["gc-reserved-space = -1", undefined],
    ["connect-timeout = five", "not-an-integer"],
    ["connect-timeout = 0x10", "not-an-integer"],
    ["max-jobs = auto", undefined],
    ["max-jobs = Auto", "not-an-integer"],
    ["sandbox = relaxed", undefined],
    ["sandbox = yes", "not-one-of-its-values"],
    ["system =", undefined],
    ["substituters = anything at all", undefined],
    ["keep-going = \uFFFC", undefined],
  ])("%s", (line, expected) => {
    const [name = "", ...words] = line.split(/ = ?/).flatMap(part => part.split(" "));
    expect(
      settingValueProblem(
        setting(name),
        words.filter(word => word !== ""),
      ),
    ).toBe(expected);
  });
});

describe("meantValue", () => {
  it("mends case and usual words", () => {
    expect(meantValue(setting("require-sigs"), "True")).toBe("true");
    expect(meantValue(setting("require-sigs"), "off")).toBe("false");
    expect(meantValue(setting("require-sigs"), "maybe")).toBeUndefined();
    expect(meantValue(setting("sandbox"), "Relaxed")).toBe("relaxed");
    expect(meantValue(setting("sandbox"), "yes")).toBe("true");
    expect(meantValue(setting("cores"), "many")).toBeUndefined();
  });
});
