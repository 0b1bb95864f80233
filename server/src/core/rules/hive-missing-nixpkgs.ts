// hive-missing-nixpkgs: a hive in a flake that does not say which nixpkgs its nodes use.

import type { AttrsDatum, Datum } from "../eval/datum";
import type { Span } from "../text/span";
import { addToSet, insertBinding } from "./attributeFixes";
import { editsAt } from "./entryFixes";
import { takesArgument } from "./fileFormals";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(meta: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.colmena.url = "github:nix-community/colmena";
  outputs = { self, nixpkgs, colmena }: {
    colmenaHive = colmena.lib.makeHive self.outputs.colmena;
    colmena = {
      meta = {${meta} };
      web = { deployment.targetHost = "web.example.org"; };
    };
  };
}`,
  };
}

const meta: RuleMeta = {
  code: "hive-missing-nixpkgs",
  category: "colmena",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A hive in a flake has no `meta.nixpkgs`",
    why: `Without a flake colmena takes \`<nixpkgs>\`; in a flake there is none, and it stops with a message that \`meta.nixpkgs\` must be specified,
even if every node has its own under \`meta.nodeNixpkgs\`. It has to be an initialised set, \`import nixpkgs { system = "x86_64-linux"; }\`; the
flake itself ends in \`Passing a path to Nixpkgs as meta.nixpkgs is no longer accepted with Flakes\`.`,
    bad: [example(""), example(" nixpkgs = nixpkgs;")],
    good: [example(' nixpkgs = import nixpkgs { system = "x86_64-linux"; };')],
  },
};

export const hiveMissingNixpkgs: Rule = {
  meta,
  checkFleet(ctx, report) {
    const flakes = new Set(
      ctx.fleet.entryPoints.filter(({ kind }) => kind === "flake").map(({ path }) => path),
    );
    for (const { kind, entryPoint, value, nameSpan, missingIn } of ctx.fleet.deployOutputs) {
      if (kind !== "meta" || !flakes.has(entryPoint) || value.kind !== "attrs") continue;
      const nixpkgs = value.entries.get("nixpkgs")?.value;
      if (nixpkgs !== undefined && isFlake(nixpkgs)) {
        report({
          span: nixpkgs.span,
          message: `meta.nixpkgs is the flake itself, which colmena does not take: "Passing a path to Nixpkgs as meta.nixpkgs is no longer accepted with Flakes"`,
          fixes: initialise(ctx, nixpkgs.span),
        });
        continue;
      }
      const isNull = nixpkgs?.kind === "scalar" && nixpkgs.value === null;
      if (!isNull && (nixpkgs !== undefined || !value.complete)) continue;
      report({
        span: nameSpan,
        message: "the hive has no meta.nixpkgs, which colmena needs in a flake: no node can be evaluated",
        fixes: isNull ? [] : insert(ctx, value, missingIn),
      });
    }
  },
};

/** A package set has no `outPath`, a flake has. */
function isFlake(datum: Datum): boolean {
  return datum.kind === "attrs" && datum.entries.has("outPath");
}

function initialise(ctx: FleetContext, span: Span): readonly Fix[] {
  const source = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
  if (!/^[\w.-]+$/.test(source)) return [];
  const edits = editsAt(span, `import ${source} { system = "x86_64-linux"; }`);
  return [{ title: "Initialise it for x86_64-linux", safety: "review", edits }];
}

/** Into `meta`, or with it into the hive that has none. */
function insert(ctx: FleetContext, meta: AttrsDatum, hive: Span | undefined): readonly Fix[] {
  const nixpkgs = nixpkgsIn(ctx.textOf((hive ?? meta.span).path) ?? "");
  if (nixpkgs === undefined) return [];
  const value = `import ${nixpkgs} { system = "x86_64-linux"; }`;
  const edits =
    hive === undefined
      ? addToSet(ctx, meta, "nixpkgs", value)
      : insertBinding(ctx, hive, `meta.nixpkgs = ${value};`);
  return edits === undefined ? [] : [{ title: "Add meta.nixpkgs", safety: "review", edits }];
}

/** How a file that takes the inputs of the flake names nixpkgs; undefined where it does not take them. */
function nixpkgsIn(text: string): string | undefined {
  if (takesArgument(text, "nixpkgs")) return "nixpkgs";
  return takesArgument(text, "inputs") ? "inputs.nixpkgs" : undefined;
}
