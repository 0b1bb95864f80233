import { describe, expect, it } from "vitest";
import { parseCacheKey } from "../formats/cacheKey";
import { hiveOptions, isHiveKeyOwner } from "./colmena";
import { deployOptions, findActivateFunction } from "./deployRs";
import {
  findNixosOption,
  findOptionSet,
  findOwnDefinition,
  OPTION_SETS,
  OWN_DEFINITIONS,
} from "./nixosOptions";
import { findSetting } from "./nixSettings";
import { findOption, type OptionDoc } from "./optionDoc";

const TABLES: readonly (readonly [string, readonly OptionDoc[]])[] = [
  ...OPTION_SETS.map(set => [set.path.join("."), set.options] as const),
  ...(["deploy", "node", "profile"] as const).map(level => [level, deployOptions(level)] as const),
  ...(["meta", "deployment", "key"] as const).map(level => [level, hiveOptions(level)] as const),
];

describe.each(TABLES)("options of %s", (_name, options) => {
  it("are named once and described in sentences", () => {
    const names = options.map(option => option.name);
    expect(new Set(names).size).toBe(names.length);
    expect(options.filter(option => !/^[A-Za-z0-9`$].*[.…]$/s.test(option.description))).toEqual([]);
  });
});

describe("NixOS options", () => {
  it("are found by their path, with a name of the user's in it", () => {
    expect(findNixosOption(["nix", "sshServe", "protocol"])?.default).toBe('"ssh"');
    expect(findNixosOption(["programs", "ssh", "knownHosts", "stage", "publicKey"])).toBeDefined();
    expect(findNixosOption(["nix", "sshServe", "key"])).toBeUndefined();
    expect(findOptionSet(["nix", "settings"])?.open).toBe(true);
    expect(findOptionSet(["boot"])).toBeUndefined();
  });

  it("that are Nix settings have the setting's name", () => {
    for (const option of findOptionSet(["nix", "settings"])?.options ?? []) {
      expect(findSetting(option.name), option.name).toBeDefined();
    }
  });

  it("know what NixOS defines by itself", () => {
    expect(findOwnDefinition(["nix", "settings", "substituters"])?.order).toBe("after");
    const keys = OWN_DEFINITIONS.find(own => own.option.at(-1) === "trusted-public-keys")?.items ?? [];
    for (const key of keys) expect(parseCacheKey(key).kind).toBe("key");
  });
});

describe("deploy-rs and colmena", () => {
  it("tell levels apart", () => {
    expect(findOption(deployOptions("node"), "hostname")?.required).toBe(true);
    expect(findOption(deployOptions("profile"), "hostname")).toBeUndefined();
    expect(findOption(deployOptions("deploy"), "magicRollback")?.default).toBe("true");
    expect(findOption(hiveOptions("deployment"), "targetHost")).toBeDefined();
    expect(findActivateFunction("home-manager")?.takes).toBe("home-manager");
  });

  it("judge owners of keys as colmena does", () => {
    expect(isHiveKeyOwner("root")).toBe(true);
    expect(isHiveKeyOwner("_x")).toBe(false);
    expect(isHiveKeyOwner("my_user")).toBe(false);
  });
});
