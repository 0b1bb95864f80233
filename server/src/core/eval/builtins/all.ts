// Every builtin by name.

import type { Lazy } from "../value";

export const BUILTINS: ReadonlyMap<string, Lazy> = new Map();
