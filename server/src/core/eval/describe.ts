// Names of value kinds, as Nix words them in messages and as `builtins.typeOf` answers.

import type { KnownValue } from "./value";

/** With an article, for messages: "a set", "an integer". */
export function describe(value: KnownValue): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "bool":
      return "a Boolean";
    case "int":
      return "an integer";
    case "float":
      return "a float";
    case "string":
      return "a string";
    case "path":
      return "a path";
    case "list":
      return "a list";
    case "attrs":
      return "a set";
    case "function":
      return value.builtin ? "a built-in function" : "a function";
  }
}

/** What `builtins.typeOf` answers. */
export function typeName(value: KnownValue): string {
  if (value.kind === "attrs") return "set";
  return value.kind === "function" ? "lambda" : value.kind;
}
