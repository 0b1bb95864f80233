import { describe, expect, it } from "vitest";
import { findLegacyOption, neverWasOption } from "./legacyOptions";
import { findSetting } from "./nixSettings";

describe("findLegacyOption", () => {
  it("leads to the setting of today", () => {
    expect(findLegacyOption("binaryCaches")).toEqual({
      name: "binaryCaches",
      setting: "substituters",
      replacement: ["nix", "settings", "substituters"],
      since: "22.05",
    });
    expect(findLegacyOption("readOnlyStore")?.replacement).toEqual(["boot", "readOnlyNixStore"]);
    expect(findLegacyOption("sshServe")).toBeUndefined();
    expect(findLegacyOption("constructor")).toBeUndefined();
  });

  it("names only settings that exist", () => {
    for (const name of ["useChroot", "sandboxPaths", "maxJobs", "trustedUsers", "systemFeatures"]) {
      expect(findSetting(findLegacyOption(name)?.setting ?? "")).toBeDefined();
    }
  });
});

describe("neverWasOption", () => {
  it("leads from nix.NAME to nix.settings.NAME", () => {
    expect(neverWasOption("substituters")).toEqual(["nix", "settings", "substituters"]);
    expect(neverWasOption("secretKeyFiles")).toEqual(["nix", "settings", "secret-key-files"]);
    expect(neverWasOption("gc")).toBeUndefined();
  });
});
