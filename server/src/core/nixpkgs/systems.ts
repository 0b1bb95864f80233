// lib.systems as far as configurations ask it: the usual lists of platforms, and what a platform's name says.

import {
  attrsOf,
  boolValue,
  type Lazy,
  listValue,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { native1 } from "../modules/native";

/** The systems of `lib.systems.flakeExposed`, in nixpkgs' order. */
const FLAKE_EXPOSED = [
  "x86_64-linux",
  "aarch64-linux",
  "x86_64-darwin",
  "armv6l-linux",
  "armv7l-linux",
  "i686-linux",
  "aarch64-darwin",
  "powerpc64le-linux",
  "riscv64-linux",
  "x86_64-freebsd",
];

/** A platform by its usual name; what else is in it is not known. */
export function platform(system: string): Value {
  const cut = system.indexOf("-");
  const cpu = system.slice(0, cut);
  const kernel = system.slice(cut + 1);
  const known: Record<string, Lazy> = {
    system: stringValue(system),
    isLinux: boolValue(kernel === "linux"),
    isDarwin: boolValue(kernel === "darwin"),
    isMacOS: boolValue(kernel === "darwin"),
    isx86_64: boolValue(cpu === "x86_64"),
    isAarch64: boolValue(cpu === "aarch64"),
  };
  return openAttrs(attrsOf(known).attrs, "a part of a platform");
}

/** `x86_64-linux` or a set with `system`: the usual form of `lib.systems.elaborate` and `nixpkgs.hostPlatform`. */
export const ELABORATE: Lazy = native1("elaborate", ({ ctx, site }, lazy) =>
  ctx.use(lazy, value => {
    if (value.kind === "string") return platform(value.text);
    if (value.kind !== "attrs") return unknownValue("a platform", site);
    const system = value.attrs.get("system");
    return system === undefined
      ? openAttrs(value.attrs, "a part of a platform", site)
      : ctx.useString(system.value, site, text => platform(text.text));
  }),
);

export const SYSTEMS: Lazy = openAttrs(
  attrsOf({
    elaborate: ELABORATE,
    flakeExposed: listOpen(),
  }).attrs,
  "a part of lib.systems",
);

/** The list grows and shrinks between releases, so these are some of them. */
function listOpen(): Lazy {
  return {
    ...listValue(FLAKE_EXPOSED.slice(0, 4).map(system => stringValue(system))),
    open: "the systems of this nixpkgs",
  };
}
