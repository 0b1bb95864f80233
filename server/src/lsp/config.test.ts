import { expect, test } from "vitest";
import { analysisConfig, DEFAULT_SETTINGS, parseConfig } from "./config";

const codes = new Set(["key-malformed", "cache-order"]);

test("no settings are the defaults", () => {
  expect(parseConfig(undefined, codes)).toEqual([DEFAULT_SETTINGS, []]);
  expect(parseConfig(null, codes)).toEqual([DEFAULT_SETTINGS, []]);
  expect(parseConfig({}, codes)).toEqual([DEFAULT_SETTINGS, []]);
});

test("a bad field is reported and the others still apply", () => {
  const [config, problems] = parseConfig(
    {
      languageDiagnostics: "sometimes",
      rules: { "key-malformed": "off", "cache-order": "loud", "no-such-rule": "error" },
      codeLens: { enabled: false },
    },
    codes,
  );
  expect(config).toEqual({
    ...DEFAULT_SETTINGS,
    severities: { "key-malformed": "off" },
    codeLens: false,
  });
  expect(problems.map(problem => problem.setting)).toEqual([
    "nixDeploy.languageDiagnostics",
    "nixDeploy.rules.cache-order",
    "nixDeploy.rules.no-such-rule",
  ]);
});

test("a section that is no object leaves the defaults", () => {
  const [config, problems] = parseConfig(["what"], codes);
  expect(config).toEqual(DEFAULT_SETTINGS);
  expect(problems).toEqual([{ setting: "nixDeploy", message: "must be an object" }]);
});

test("dotted and nested names are the same", () => {
  expect(parseConfig({ "inlayHints.enabled": false }, codes)[0].inlayHints).toBe(false);
  expect(parseConfig({ inlayHints: { enabled: false } }, codes)[0].inlayHints).toBe(false);
});

test("language diagnostics follow the other extension only on auto", () => {
  const withWish = (languageDiagnostics: "auto" | "on" | "off", other: boolean) =>
    analysisConfig({ ...DEFAULT_SETTINGS, languageDiagnostics }, other).languageDiagnostics;
  expect([withWish("auto", true), withWish("auto", false)]).toEqual([false, true]);
  expect([withWish("on", true), withWish("off", false)]).toEqual([true, false]);
});
