// The machine of a stand-alone configuration.nix, as in /etc/nixos.

import { openAttrs, pathValue } from "../eval/value";
import { nixpkgsLib } from "../nixpkgs/lib";
import { systemValue } from "../nixpkgs/nixosSystem";
import { resultOf } from "../syntax/children";
import type { Expr } from "../syntax/expr";
import type { HostDraft } from "./hostDraft";
import type { Reading } from "./reading";
import { fieldAt, noteModules, Systems, systemOfValue } from "./systemHosts";

/** What NixOS gives every module. */
const NIXOS_ARGUMENTS: ReadonlySet<string> = new Set([
  "config",
  "lib",
  "pkgs",
  "options",
  "modulesPath",
  "utils",
]);

/**
 * A configuration.nix by itself: one machine, as in /etc/nixos. Who evaluates it is not in sight, so what arguments its
 * modules get beside NixOS' own is not known. Where it asks for such an argument itself, somebody evaluates it who may add
 * modules too. A function that no module can be is called by somebody who makes a module of it.
 */
export function machineHosts(reading: Reading): HostDraft[] {
  const { ctx } = reading;
  const specialArgs = openAttrs(new Map(), "whoever evaluates the configuration gives it");
  const root = reading.file(reading.path)?.root;
  const formals = root?.kind === "lambda" ? root.formals : undefined;
  const hasCaller = formals?.items.some(({ name }) => !NIXOS_ARGUMENTS.has(name.name)) === true;
  if (isCurried(root) || (hasCaller && formals?.ellipsis !== true)) return [];
  const value = systemValue(
    { ctx, site: reading.top },
    {
      kind: "nixos",
      lib: nixpkgsLib(ctx),
      modules: {
        modules: [pathValue(reading.path)],
        specialArgs,
        prefix: [],
        ...(hasCaller ? { open: "whoever evaluates the configuration may add modules" } : {}),
      },
      system: undefined,
      pkgs: undefined,
    },
  );
  const system = systemOfValue(ctx, value);
  if (system === undefined) return [];
  const read = new Systems(reading).read(system, [], reading.top, {
    check: known => noteModules(reading, known, [], reading.top),
  });
  const hostName = read.facts.effective.get("networking.hostName");
  const named = hostName?.kind === "text" && !hostName.text.includes("\uFFFC") ? hostName : undefined;
  const name = named?.text ?? reading.path.split("/").at(-2) ?? "configuration";
  const nameSpan = named?.span ?? reading.top;
  return [
    {
      name,
      definition: {
        tool: "nixos-rebuild",
        attrPath: [],
        entryPoint: reading.path,
        nameSpan,
        value: { kind: "unknown", span: nameSpan, reason: "a whole configuration" },
      },
      hostname: undefined,
      sshUser: undefined,
      system: fieldAt(read.platform, nameSpan),
      tags: [],
      profiles: [],
      ...read.facts,
      configuration: { entryPoint: reading.path, attrPath: [] },
    },
  ];
}

/** A function whose result is a function again. */
function isCurried(root: Expr | undefined): boolean {
  return root?.kind === "lambda" && resultOf(root.body).kind === "lambda";
}
