import { describe, expect, it } from "vitest";
import { findSetting, NIX_SETTINGS, nearestSetting } from "./nixSettings";
import { SETTING_NOTES } from "./nixSettingsNotes";

describe("findSetting", () => {
  it("knows names, aliases and extra- forms", () => {
    expect(findSetting("substituters")).toMatchObject({
      setting: { type: "list" },
      extra: false,
      alias: false,
    });
    expect(findSetting("binary-caches")).toMatchObject({ setting: { name: "substituters" }, alias: true });
    expect(findSetting("extra-binary-caches")).toMatchObject({
      setting: { name: "substituters" },
      extra: true,
      alias: true,
    });
    expect(findSetting("extra-platforms")).toMatchObject({
      setting: { name: "extra-platforms" },
      extra: false,
    });
    expect(findSetting("extra-sandbox-paths")).toMatchObject({
      setting: { name: "sandbox-paths" },
      extra: true,
    });
    expect(findSetting("repeat")).toMatchObject({ setting: { removed: "2.13" } });
    expect(findSetting("filetransfer-retry-attempts")).toMatchObject({ setting: { since: "2.35" } });
  });

  it("is as exact as Nix", () => {
    for (const name of ["Substituters", "trusted_public_keys", "extra-require-sigs", "extra-", ""]) {
      expect(findSetting(name)).toBeUndefined();
    }
  });

  it("says who may set what", () => {
    const by = (name: string) => findSetting(name)?.setting.settableBy;
    expect(by("substituters")).toBe("listed-only");
    expect(by("trusted-public-keys")).toBe("trusted");
    expect(by("connect-timeout")).toBe("anyone");
    expect(by("accept-flake-config")).toBe("client");
  });
});

describe("nearestSetting", () => {
  it.each([
    ["substituers", "substituters"],
    ["subsituters", "substituters"],
    ["trustedPublicKeys", "trusted-public-keys"],
    ["trusted_public_keys", "trusted-public-keys"],
    ["extra-substituers", "extra-substituters"],
    ["extra-trusted-public-key", "extra-trusted-public-keys"],
    ["secret-key-file", "secret-key-files"],
    ["frobnicate", undefined],
  ])("%s", (wrong, right) => {
    expect(nearestSetting(wrong)).toBe(right);
  });
});

describe("the table", () => {
  it("names every setting and alias once", () => {
    const names = NIX_SETTINGS.flatMap(setting => [setting.name, ...setting.aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has no note without a setting", () => {
    const names = new Set(NIX_SETTINGS.map(setting => setting.name));
    expect(Object.keys(SETTING_NOTES).filter(name => !names.has(name))).toEqual([]);
  });

  it("gives enums their values and the defaults of Nix", () => {
    expect(NIX_SETTINGS.filter(setting => setting.type === "enum" && setting.values === undefined)).toEqual(
      [],
    );
    expect(findSetting("substituters")?.setting.default).toBe("https://cache.nixos.org/");
    expect(findSetting("require-sigs")?.setting.default).toBe("true");
  });
});
