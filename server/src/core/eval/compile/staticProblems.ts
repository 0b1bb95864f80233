// What Nix refuses in a file before it evaluates anything of it: found by a walk through the names in scope, which the
// compiler asks the same questions, without compiling what may never be evaluated.

import { forEachChild } from "../../syntax/children";
import type {
  AttrName,
  Binding,
  LambdaExpr,
  LetExpr,
  SourceFile,
  StaticName,
  VariableExpr,
} from "../../syntax/expr";
import { spanOf } from "../../text/span";
import { GLOBALS } from "../builtins/globals";
import type { Lazy } from "../value";
import type { StaticProblem } from "./compiledFile";
import { argumentNames, callOf } from "./functions";
import { type Content, note, type Plan, type Problems, planOfLet, planOfSet } from "./plan";
import { isUndefined, MAX_NESTING, type Names, undefinedVariable } from "./scope";

/** In the order in which Nix comes to them: it binds names once the whole file is parsed. */
export function staticProblems(
  { path, root, problems }: SourceFile,
  globals: ReadonlyMap<string, Lazy> = GLOBALS,
): readonly StaticProblem[] {
  const found: StaticProblem[] = problems.map(({ message, start, end }) => ({
    kind: "syntax",
    message,
    span: spanOf(path, { start, end }),
  }));
  new Walk({ path, found }, globals).visit(root);
  if (found.length < 2) return found;
  const isUnbound = ({ kind }: StaticProblem) => kind === "undefined-variable";
  return [...found.filter(each => !isUnbound(each)), ...found.filter(isUnbound)];
}

/** Whether all names are written out, and no two bindings begin with the same one. */
function areApart(bindings: readonly Binding[]): boolean {
  const begun = new Set<string>();
  for (const binding of bindings) {
    if (binding.kind === "inherit") {
      for (const name of binding.names) if (!isNew(begun, name)) return false;
    } else if (!binding.path.every(isStatic) || !isNew(begun, binding.path[0])) return false;
  }
  return true;
}

function isStatic({ kind }: AttrName): boolean {
  return kind === "static";
}

function isNew(names: Set<string>, name: AttrName | undefined): boolean {
  if (name?.kind !== "static" || names.has(name.name)) return false;
  names.add(name.name);
  return true;
}

class Walk {
  /** The names in scope of the expression that is being visited. */
  private scope: Names | undefined;
  private depth = 0;

  constructor(
    private readonly problems: Problems,
    private readonly globals: ReadonlyMap<string, Lazy>,
  ) {}

  /** One function for all, so that none is made for each expression. */
  readonly visit = (content: Content): void => {
    if (this.depth >= MAX_NESTING) return;
    this.depth++;
    this.visitParts(content);
    this.depth--;
  };

  /** In the order in which they are written; what is inherited from comes behind the other bindings of its set. */
  private visitParts(content: Content): void {
    switch (content.kind) {
      case "plan":
        this.visitPlan(content);
        break;
      case "attrs":
        if (!content.recursive && areApart(content.bindings)) this.visitApart(content.bindings);
        else this.visitPlan(planOfSet(content, this.problems));
        break;
      case "let":
        this.visitLet(content);
        break;
      case "with":
        this.visit(content.scope);
        this.visitIn({ names: undefined, up: this.scope }, content.body);
        break;
      case "lambda":
        this.visitLambda(content);
        break;
      case "apply": {
        const { callee, args } = callOf(content);
        this.visit(callee);
        for (const arg of args) this.visit(arg);
        break;
      }
      case "variable":
        this.visitVariable(content);
        break;
      default:
        forEachChild(content, this.visit);
    }
  }

  private visitVariable(variable: VariableExpr | StaticName): void {
    const { name } = variable;
    if (!isUndefined(this.globals, this.scope, name)) return;
    note(this.problems, variable, { kind: "undefined-variable", message: undefinedVariable(name), name });
  }

  /** A set whose bindings need no plan, as most are. */
  private visitApart(bindings: readonly Binding[]): void {
    for (const binding of bindings) {
      if (binding.kind === "binding") this.visit(binding.value);
      else if (binding.from === undefined)
        for (const name of binding.names) if (name.kind === "static") this.visitVariable(name);
    }
    for (const binding of bindings)
      if (binding.kind === "inherit" && binding.from !== undefined) this.visit(binding.from);
  }

  private visitIn(scope: Names | undefined, content: Content): void {
    const outer = this.scope;
    this.scope = scope;
    this.visit(content);
    this.scope = outer;
  }

  private visitPlan(plan: Plan): void {
    this.visitBindings(plan, plan.recursive ? { names: plan.entries, up: this.scope } : this.scope);
  }

  private visitBindings(plan: Plan, inner: Names | undefined): void {
    for (const { content } of plan.entries.values()) {
      if (content.kind !== "inherit") this.visitIn(inner, content);
      else if (content.source === undefined) this.visit(content.name);
    }
    for (const source of plan.sources) this.visitIn(inner, source);
    for (const { name, content } of plan.dynamic) {
      this.visitIn(inner, content);
      this.visitIn(inner, name);
    }
  }

  private visitLet(expr: LetExpr): void {
    const plan = planOfLet(expr, this.problems);
    const inner: Names = { names: plan.entries, up: this.scope };
    this.visitBindings(plan, inner);
    this.visitIn(inner, expr.body);
  }

  private visitLambda(expr: LambdaExpr): void {
    const inner: Names = { names: argumentNames(expr, this.problems), up: this.scope };
    for (const { defaultValue } of expr.formals?.items ?? []) {
      if (defaultValue !== undefined) this.visitIn(inner, defaultValue);
    }
    this.visitIn(inner, expr.body);
  }
}
