// What a value is, in words for messages.

import type { Datum } from "../eval/datum";

/** "a string", "a set", … */
export function valueInWords(datum: Datum): string {
  switch (datum.kind) {
    case "text":
      return "a string";
    case "scalar":
      return datum.value === null ? "null" : typeof datum.value === "boolean" ? "a boolean" : "a number";
    case "path":
      return "a path";
    case "list":
      return "a list";
    case "attrs":
      return "a set";
    case "function":
      return "a function";
    default:
      return "this";
  }
}
