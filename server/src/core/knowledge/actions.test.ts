import { describe, expect, it } from "vitest";
import { findAction, isOutdated, majorVersion } from "./actions";
import { findDeprecatedFlag } from "./flags";

describe("actions", () => {
  it("reads versions from refs", () => {
    expect(majorVersion("v31")).toBe(31);
    expect(majorVersion("v31.11.0")).toBe(31);
    expect(majorVersion("main")).toBeUndefined();
    expect(majorVersion("1234567890123456789012345678901234567890")).toBeUndefined();
  });

  it("knows what is outdated and does not judge commits and branches", () => {
    const action = findAction("Cachix/install-nix-action");
    if (action === undefined) throw new Error("not known");
    expect(isOutdated(action, "v27")).toBe(true);
    expect(isOutdated(action, "v31.1.0")).toBe(false);
    expect(isOutdated(action, "master")).toBe(false);
  });
});

describe("flags", () => {
  it("knows replacements and flags without one", () => {
    expect(findDeprecatedFlag("--use-remote-sudo")?.replacement).toBe("--sudo");
    expect(findDeprecatedFlag("--no-ssh-tty")?.replacement).toBeUndefined();
    expect(findDeprecatedFlag("--sudo")).toBeUndefined();
  });
});
