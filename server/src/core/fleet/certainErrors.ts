// Errors in definitions that NixOS certainly evaluates when it builds a system: options that every system needs, defined
// without a condition. What hangs on a condition, or on an option that may be unused, is left alone.

import type { ErrorValue, Lazy } from "../eval/value";
import { discharge } from "../modules/properties";
import type { System } from "../nixpkgs/nixosSystem";
import type { Span } from "../text/span";
import type { Reading } from "./reading";

/** Options that are part of every system. */
const NEEDED: readonly (readonly string[])[] = [
  ["environment", "systemPackages"],
  ["i18n", "defaultLocale"],
  ["networking", "domain"],
  ["networking", "hostName"],
  ["nix", "registry"],
  ["nix", "settings", "substituters"],
  ["nix", "settings", "trusted-public-keys"],
  ["nix", "settings", "trusted-users"],
  ["nix", "extraOptions"],
  ["nixpkgs", "overlays"],
  ["nixpkgs", "hostPlatform"],
  ["nixpkgs", "system"],
  ["system", "stateVersion"],
  ["time", "timeZone"],
];

/** How deep into a value is looked, and at how many values in all. */
const MAX_DEPTH = 5;
const MAX_VALUES = 400;

export function noteCertainErrors(
  reading: Reading,
  system: System,
  attrPath: readonly string[],
  at: Span,
): void {
  const { ctx } = reading;
  const budget = { left: MAX_VALUES };
  ctx.speculate(() => {
    const tree = system.configuration.definitions();
    for (const option of NEEDED) {
      const flat = discharge(ctx, tree.at(option.slice(0, -1)).definitionsOf(option.at(-1) ?? ""));
      // A stronger definition in a module that is not read may replace all of these.
      if (tree.open !== undefined || new Set(flat.definitions.map(each => each.override?.level)).size > 1)
        continue;
      if (flat.error !== undefined) reading.problem(flat.error, attrPath, at);
      for (const each of flat.definitions) {
        if (each.conditions.length > 0) continue;
        const error = firstError(reading, each.value, MAX_DEPTH, budget);
        if (error !== undefined) reading.problem(error, attrPath, at);
      }
    }
  });
}

function firstError(
  reading: Reading,
  lazy: Lazy,
  depth: number,
  budget: { left: number },
): ErrorValue | undefined {
  if (budget.left-- <= 0) return undefined;
  const value = reading.ctx.force(lazy);
  if (value.kind === "error") return value;
  if (depth === 0) return undefined;
  const inside: readonly Lazy[] =
    value.kind === "list"
      ? value.items
      : value.kind === "attrs"
        ? attrsInside(value.attrs.values(), value.open)
        : [];
  for (const item of inside) {
    const error = firstError(reading, item, depth - 1, budget);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** A set that is open is a package or the like, of which Nix needs only some parts. */
function attrsInside(attrs: Iterable<{ readonly value: Lazy }>, open: string | undefined): Lazy[] {
  return open === undefined ? Array.from(attrs, attr => attr.value) : [];
}
