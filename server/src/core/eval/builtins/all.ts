// Every builtin by name.

import { type Lazy, nativeFunction } from "../value";
import { NUMBER_BUILTINS } from "./arithmetic";
import { ATTRS_BUILTINS } from "./attrs";
import { CONTROL_BUILTINS } from "./control";
import { FILE_BUILTINS } from "./files";
import { JSON_BUILTINS } from "./json";
import { LIST_BUILTINS } from "./lists";
import type { NativeBuiltin } from "./native";
import { ORDER_BUILTINS } from "./ordering";
import { REGEX_BUILTINS } from "./regex";
import { STORE_BUILTINS, UNKNOWN_CONSTANTS } from "./store";
import { STRING_BUILTINS } from "./strings";
import { VERSION_BUILTINS } from "./versions";
import { XML_BUILTINS } from "./xml";

const NATIVES: readonly NativeBuiltin[] = [
  ...NUMBER_BUILTINS,
  ...ATTRS_BUILTINS,
  ...CONTROL_BUILTINS,
  ...FILE_BUILTINS,
  ...JSON_BUILTINS,
  ...LIST_BUILTINS,
  ...ORDER_BUILTINS,
  ...REGEX_BUILTINS,
  ...STORE_BUILTINS,
  ...STRING_BUILTINS,
  ...VERSION_BUILTINS,
  ...XML_BUILTINS,
];

/** Builtins by the names they have in `builtins`, without `true`, `false`, `null` and `builtins` itself. */
export const BUILTINS: ReadonlyMap<string, Lazy> = new Map<string, Lazy>([
  ...NATIVES.map(([name, arity, run]) => [name, nativeFunction(name, arity, run)] as const),
  ...UNKNOWN_CONSTANTS,
]);
