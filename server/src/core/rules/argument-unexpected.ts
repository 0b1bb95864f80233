// argument-unexpected: a function is called with an argument that it does not take.

import type { EvaluationProblem } from "../fleet/fleet";
import { nearest } from "../knowledge/editDistance";
import { type Span, sameSpan } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { coversSpan, quotedName, renameName } from "./attributeFixes";
import { editsAt } from "./entryFixes";
import { deployProblems, problemDraft, withFunctionName } from "./problemFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

function example(name: string) {
  return {
    "flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs }:
    let
      mkHost = { name, system ? "x86_64-linux" }: nixpkgs.lib.nixosSystem { inherit system; modules = [ { networking.hostName = name; } ]; };
    in {
      nixosConfigurations.web = mkHost { name = "web"; ${name} = "aarch64-linux"; };
    };
}`,
  };
}

const meta: RuleMeta = {
  code: "argument-unexpected",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A function is called with an argument that it does not take",
    why: `A function with \`{ a, b }:\` takes these names only; Nix stops with \`function 'mkHost' called with unexpected argument 'sytem'\` on the way
to something that is deployed. Correct the name, remove it, or let the function take more: \`{ a, b, ... }:\`.`,
    bad: [example("sytem")],
    good: [example("system")],
  },
};

export const argumentUnexpected: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of deployProblems(ctx)) {
      if (problem.kind !== "unexpected-argument") continue;
      report(problemDraft(atName(ctx, problem), withFunctionName(ctx, problem), fixesOf(ctx, problem)));
    }
  },
};

/** Where the argument is named; for an input of the flake, and where that cannot be told, the call. */
function atName(ctx: FleetContext, problem: EvaluationProblem): EvaluationProblem {
  const { subject, span, trace, attrPath } = problem;
  const name = subject?.given;
  const typed = name === undefined ? undefined : ctx.textOf(name.path)?.slice(name.start, name.end);
  if (name === undefined || typed?.replaceAll('"', "") !== subject?.name) return problem;
  if (attrPath[0] === "outputs") return { ...problem, trace: [name] };
  const way = trace.filter(step => !sameSpan(step, span));
  return { ...problem, span: name, trace: coversSpan(span, name) ? way : [span, ...way] };
}

function fixesOf(ctx: FleetContext, { subject }: EvaluationProblem): readonly Fix[] {
  if (subject === undefined) return [];
  const { name, candidates, given, declared } = subject;
  const near = nearest(name, candidates);
  const renamed =
    near === undefined || given === undefined
      ? []
      : renameName(ctx, given, name, near, { title: `Rename to ${near}`, safety: "review" });
  // what no file names comes from NixOS: one of many that every module is given
  const formal = given === undefined ? "..." : quotedName(name);
  const edits = declared === undefined ? undefined : addFormal(ctx, declared, formal);
  const title = `Let the function take ${given === undefined ? "more" : name}`;
  return edits === undefined ? renamed : [...renamed, { title, safety: "review", edits }];
}

/** One more formal behind those that a function has, in the layout of these. */
function addFormal(ctx: FleetContext, declared: Span, formal: string): EditsByPath | undefined {
  const source = ctx.textOf(declared.path)?.slice(declared.start, declared.end) ?? "";
  const [, before = "", inside] = /^((?:[\w'-]+\s*@\s*)?\{)([^{}#]*)\}\s*[:@]/.exec(source) ?? [];
  if (inside === undefined || formal.startsWith('"')) return undefined;
  const end = declared.start + before.length + inside.trimEnd().length;
  const [line = "", indent = ""] = /\n([ \t]*)[^\n]*$/.exec(inside.trimEnd()) ?? [];
  const behind = inside.trimEnd().endsWith(",");
  const added =
    inside.trim() === ""
      ? ` ${formal} `
      : behind
        ? `${line === "" ? " " : `\n${indent}`}${formal}${formal === "..." ? "" : ","}`
        : `${/^\s*,/.test(line) ? `\n${indent}` : ""}, ${formal}`;
  const blank = inside.trim() === "" ? inside.length : 0;
  return editsAt({ path: declared.path, start: end, end: end + blank }, added);
}
