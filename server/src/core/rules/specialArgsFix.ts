// "Hand it to the modules": adds an argument of a flake's outputs to the specialArgs of the call that makes a system.

import type { EvaluationProblem } from "../fleet/fleet";
import type { Span } from "../text/span";
import { insertBinding } from "./attributeFixes";
import { takesArgument } from "./fileFormals";
import { closingBracket } from "./nixTokens";
import type { FileContext, Fix } from "./rule";

type Texts = Pick<FileContext, "textOf">;

/** None where the name is not one that the outputs take, or where several calls may make the system. */
export function addToSpecialArgs(ctx: Texts, problem: EvaluationProblem, name: string): readonly Fix[] {
  const path = problem.entryPoint;
  const text = ctx.textOf(path);
  const call = text === undefined ? undefined : callOf(text, path, problem.attrPath.at(-1) ?? "");
  if (text === undefined || call === undefined || !takesArgument(text, name)) return [];
  const source = text.slice(call.start, call.end);
  const given = /\bspecialArgs\s*=\s*(?=\{)/.exec(source);
  if (given === null && /\bspecialArgs\b/.test(source)) return [];
  const edits =
    given === null
      ? insertBinding(ctx, call, `specialArgs = { inherit ${name}; };`)
      : insertBinding(
          ctx,
          bracesAt(text, path, call.start + given.index + given[0].length),
          `inherit ${name};`,
        );
  return edits === undefined ? [] : [{ title: `Add ${name} to specialArgs`, safety: "review", edits }];
}

/** The set that `nixosSystem` is called with for a system: the only call, or the one that is bound to its name. */
function callOf(text: string, path: string, system: string): Span | undefined {
  const calls = [
    ...text.matchAll(
      /([\w'-]+)"?\s*=\s*[\w.]*\bnixosSystem\s*(?:rec\s*)?(?=\{)|\bnixosSystem\s*(?:rec\s*)?(?=\{)/g,
    ),
  ];
  const own = calls.filter(call => call[1] === system);
  const [call, other] = own.length > 0 ? own : calls;
  if (call === undefined || other !== undefined) return undefined;
  return bracesAt(text, path, call.index + call[0].length);
}

function bracesAt(text: string, path: string, start: number): Span {
  const length = closingBracket(text.slice(start));
  return { path, start, end: length === undefined ? start : start + length + 1 };
}
