// hive-output-missing: a flake with `colmena`, but without the `colmenaHive` that colmena 0.5 evaluates.

import type { Span } from "../text/span";
import { editsAt } from "./entryFixes";
import { takesArgument } from "./fileFormals";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(hive: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  inputs.colmena.url = "github:nix-community/colmena";
  outputs = { self, nixpkgs, colmena }: {${hive}
    colmena = {
      meta.nixpkgs = import nixpkgs { system = "x86_64-linux"; };
      web = { deployment.targetHost = "web.example.org"; };
    };
  };
}`,
  };
}

const meta: RuleMeta = {
  code: "hive-output-missing",
  category: "colmena",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A flake has the output `colmena`, but not `colmenaHive`",
    why: `Colmena 0.5 evaluates \`colmenaHive\` and stops without it: \`flake does not provide attribute … 'colmenaHive'\`. Colmena 0.4 reads \`colmena\`,
but fails on Nix 2.21 and newer (\`cannot update unlocked flake input 'hive' in pure mode\`) unless called with \`--impure\`.`,
    bad: [example("")],
    good: [example("\n    colmenaHive = colmena.lib.makeHive self.outputs.colmena;")],
  },
};

export const hiveOutputMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { entryPoint, names, complete } of ctx.fleet.flakeOutputs) {
      const span = names.get("colmena");
      if (span === undefined || !complete || names.has("colmenaHive")) continue;
      report({
        span,
        message:
          "the flake has no output colmenaHive, which colmena 0.5 needs; 0.4 fails on Nix 2.21 and newer",
        fixes: insert(ctx, entryPoint, span),
      });
    }
  },
};

/** Before the binding of `colmena`, where the flake has the input under that name. */
function insert(ctx: FleetContext, entryPoint: string, span: Span): readonly Fix[] {
  const text = ctx.textOf(entryPoint) ?? "";
  const typed = text.slice(span.start, span.end);
  const start = text.lastIndexOf("\n", span.start) + 1;
  const indent = text.slice(start, span.start);
  if (span.path !== entryPoint || typed !== "colmena" || indent.trim() !== "") return [];
  if (!takesArgument(text, "self") || !takesArgument(text, "colmena")) return [];
  const binding = `${indent}colmenaHive = colmena.lib.makeHive self.outputs.colmena;\n`;
  return [
    {
      title: "Add colmenaHive",
      safety: "review",
      edits: editsAt({ path: span.path, start, end: start }, binding),
    },
  ];
}
