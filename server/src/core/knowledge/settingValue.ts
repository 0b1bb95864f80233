// Whether Nix takes the text of a setting's value. What it refuses stops every nix command of the machine.

import { holdsUnknown } from "../formats/textPart";
import type { NixSetting } from "./nixSettings";

export type SettingValueProblem = "not-a-boolean" | "not-an-integer" | "not-one-of-its-values";

const BOOLEANS = ["true", "yes", "1", "false", "no", "0"];

/**
 * What is wrong with the words of a value, as nix.conf or a rendered `nix.settings` gives them; undefined if Nix takes
 * them or some are unknown. Lists take any words: what they mean is judged elsewhere.
 */
export function settingValueProblem(
  setting: NixSetting,
  words: readonly string[],
): SettingValueProblem | undefined {
  const value = words.join(" ");
  if (holdsUnknown(value)) return undefined;
  switch (setting.type) {
    case "bool":
      return BOOLEANS.includes(value) ? undefined : "not-a-boolean";
    case "int":
      return isInteger(setting, value) ? undefined : "not-an-integer";
    case "enum":
      return setting.values?.includes(value) === true ? undefined : "not-one-of-its-values";
    default:
      return undefined;
  }
}

/** What was meant by a value that only differs in case, by a usual word or by marks around it: `True`, `on`, `true;`. */
export function meantValue(setting: NixSetting, value: string): string | undefined {
  const bare = value.replace(/^["']|["']?[;,]?$/g, "");
  if (bare !== value && settingValueProblem(setting, [bare]) === undefined) return bare;
  const lower = bare.toLowerCase();
  if (setting.type === "bool") {
    if (BOOLEANS.includes(lower)) return lower;
    if (/^(on|enable|enabled)$/.test(lower)) return "true";
    return /^(off|disable|disabled)$/.test(lower) ? "false" : undefined;
  }
  if (setting.type !== "enum") return undefined;
  if (setting.values?.includes(lower) === true) return lower;
  // `sandbox` looks boolean, but knows only these two words of the six.
  if (setting.values?.includes("true") !== true) return undefined;
  return /^(yes|1)$/.test(lower) ? "true" : /^(no|0)$/.test(lower) ? "false" : undefined;
}

/** Nix 2.8 refuses unit letters; they are not judged, because newer versions may take them. */
function isInteger(setting: NixSetting, value: string): boolean {
  if (setting.unsigned === true && value.startsWith("-")) return false;
  return /^[+-]?\d+[KMGTkmgt]?$/.test(value) || (setting.name === "max-jobs" && value === "auto");
}
