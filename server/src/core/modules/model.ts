// What native code knows of an attribute set beyond its attributes: that it is an option type, a NixOS system, a
// wrapped activation. Tied to the very object: whatever changes the set (`//`, `removeAttrs`) makes a set without it.

import type { AttrsValue, Value } from "../eval/value";

/** A kind of knowledge; one for each domain, made once. */
export class Model<T extends object> {
  private readonly known = new WeakMap<AttrsValue, T>();

  /** The same set, from now on known to be `meaning`. */
  mark(set: AttrsValue, meaning: T): AttrsValue {
    this.known.set(set, meaning);
    return set;
  }

  of(value: Value): T | undefined {
    return value.kind === "attrs" ? this.known.get(value) : undefined;
  }
}
