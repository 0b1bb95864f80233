// One run of the evaluator, from one entry point: forces thunks, calls functions and spreads operations over
// alternatives. Native code gets it as `ctx`, with what it may cost (accounts.ts) and what it rests on (resting.ts).

import type { Span } from "../text/span";
import { LIMIT_REACHED } from "./accounts";
import { joinBranches, type LooseBranch } from "./alternatives";
import { NOTHING, THIS_EVALUATION } from "./dependencies";
import { describe } from "./describe";
import { expected, missingAttribute, traced } from "./errors";
import type { Limits, World } from "./evaluator";
import { importPath } from "./imports";
import { Resting } from "./resting";
import {
  type AlternativesValue,
  type AttrsValue,
  errorValue,
  type FunctionValue,
  type KnownValue,
  type Lazy,
  type ListValue,
  openFor,
  type StringValue,
  type Thunk,
  type UnknownValue,
  unknownFrom,
  unknownValue,
  type Value,
} from "./value";

/** Beyond this many unknown conditions around one computation, what hangs on a further one is just Unknown. */
const MAX_SPECULATION = 12;

export class Evaluation extends Resting {
  /** Values of imported files by path; thunks, so that a cyclic import is an infinite recursion. */
  readonly imports = new Map<string, Thunk>();
  /** See EvaluatorOptions.optimistic. */
  readonly optimistic: boolean;
  private depth = 0;
  /** While a stack overflow unwinds: the depth at which evaluation goes on. */
  private unwindTo: number | undefined = undefined;
  private speculation = 0;

  constructor(
    readonly world: World,
    limits: Limits,
  ) {
    super(limits);
    this.optimistic = world.options.optimistic ?? true;
  }

  /** The value of `import path` (a file, or a directory with default.nix). */
  importFile(path: string, site?: Span): Value {
    return this.protect(() => importPath(this, path, site));
  }

  /**
   * The value in weak head normal form. Never throws. To look at a value and go on if it is an error, use `attempt`.
   */
  force(lazy: Lazy): Value {
    if (lazy.kind !== "thunk") return lazy;
    if (lazy.value !== undefined) {
      if (lazy.rests !== this.rests) this.rests = this.dependencies.join(this.rests, lazy.rests);
      return lazy.value;
    }
    if (lazy.startedAt >= 0) return this.recursion(lazy);
    if (!this.spend(1) || this.depth >= this.limits.depth) return this.limit;
    return this.run(lazy);
  }

  private run(thunk: Thunk): Value {
    const { depth, speculation, rests } = this;
    thunk.startedAt = speculation;
    this.depth = depth + 1;
    this.rests = NOTHING;
    let value: Value;
    try {
      value = thunk.run(this);
    } catch (error) {
      thunk.finish(this.limit, NOTHING);
      value = this.afterOverflow(error, depth, speculation);
    }
    this.depth = depth;
    thunk.finish(value, this.rests);
    this.rests = this.dependencies.join(rests, thunk.rests);
    return value;
  }

  /**
   * The stack has run out: what needed it is Unknown, the rest of the evaluation goes on. Unwinds some levels more, so
   * that there is room to go on in; every thunk on the way is finished as Unknown.
   */
  private afterOverflow(error: unknown, depth: number, speculation: number): Value {
    if (!(error instanceof RangeError)) throw error;
    this.depth = depth;
    this.speculation = speculation;
    this.leaveAll();
    this.unwindTo ??= Math.max(0, depth - 64);
    if (depth > this.unwindTo) throw error;
    this.unwindTo = undefined;
    return LIMIT_REACHED;
  }

  private recursion(thunk: Thunk): Value {
    this.rests = THIS_EVALUATION;
    if (thunk.startedAt < this.speculation)
      return unknownValue("refers to itself under an unknown condition");
    return errorValue("infinite-recursion", "infinite recursion encountered");
  }

  /** The outermost frame around native code that is not run by a thunk. */
  private protect(compute: () => Value): Value {
    const { depth, speculation } = this;
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.depth = depth;
      this.speculation = speculation;
      this.leaveAll();
      this.unwindTo = undefined;
      return this.limit;
    }
  }

  /**
   * Like force, for callers that carry on when the result is an error: a recursion through the caller is then
   * Unknown instead of a certain error, so that nothing wrong is remembered.
   */
  attempt(lazy: Lazy): Value {
    return this.speculate(() => this.force(lazy));
  }

  /** Runs code whose result Nix may never ask for. */
  speculate<T>(compute: () => T): T {
    this.speculation++;
    const result = compute();
    this.speculation--;
    return result;
  }

  /** So many unknown conditions are open that following another one is not worth it. */
  get speculatesDeeply(): boolean {
    if (this.speculation < MAX_SPECULATION) return false;
    this.meetLimit();
    return true;
  }

  /**
   * Forces `lazy` and gives a known value to `use`; over alternatives, `use` is called for each and the results are
   * joined; errors are given on, and Unknown too, or to `unknown`. This is how an operation respects all that is not known.
   */
  use(
    lazy: Lazy,
    use: (value: KnownValue) => Value,
    unknown: (value: UnknownValue) => Value = unknownFrom,
  ): Value {
    const value = this.force(lazy);
    if (value.kind === "unknown") return unknown(value);
    if (value.kind === "error") return value;
    return value.kind === "alternatives" ? this.each(value, use, unknown) : use(value);
  }

  /** Calls `use` for each known alternative and joins the results; unknown ones are given on or to `unknown`. */
  each(
    value: AlternativesValue,
    use: (value: KnownValue) => Value,
    unknown: (value: UnknownValue) => Value = unknownFrom,
  ): Value {
    if (this.speculatesDeeply) return unknownValue("hangs on too many unknown conditions", value.span);
    return this.speculate(() => {
      const results: LooseBranch[] = [];
      for (const { conditions, value: branch } of value.branches) {
        if (branch.kind === "error") results.push({ conditions, value: branch });
        else results.push({ conditions, value: branch.kind === "unknown" ? unknown(branch) : use(branch) });
      }
      return joinBranches(results, value.span);
    });
  }

  /** `use` for a set; a type error in Nix's words for anything else. */
  useAttrs(lazy: Lazy, site: Span | undefined, use: (value: AttrsValue) => Value): Value {
    return this.use(lazy, value => (value.kind === "attrs" ? use(value) : expected("a set", value, site)));
  }

  /** `use` for a list; it may be open. */
  useList(lazy: Lazy, site: Span | undefined, use: (value: ListValue) => Value): Value {
    return this.use(lazy, value => (value.kind === "list" ? use(value) : expected("a list", value, site)));
  }

  /** `use` for a string; nothing is coerced. */
  useString(lazy: Lazy, site: Span | undefined, use: (value: StringValue) => Value): Value {
    return this.use(lazy, value =>
      value.kind === "string" ? use(value) : expected("a string", value, site),
    );
  }

  useInt(lazy: Lazy, site: Span | undefined, use: (value: bigint) => Value): Value {
    return this.use(lazy, value =>
      value.kind === "int" ? use(value.value) : expected("an integer", value, site),
    );
  }

  useBool(lazy: Lazy, site: Span | undefined, use: (value: boolean) => Value): Value {
    return this.use(lazy, value =>
      value.kind === "bool" ? use(value.value) : expected("a Boolean", value, site),
    );
  }

  /** `use` for something that can be called: a function, or a set with `__functor`. */
  useFunction(lazy: Lazy, site: Span | undefined, use: (fn: Lazy) => Value): Value {
    return this.use(lazy, value => {
      if (value.kind === "function") return use(value);
      if (value.kind === "attrs" && value.attrs.has("__functor")) return use(value);
      if (value.kind === "attrs" && value.open !== undefined) return unknownValue(value.open, value.span);
      return expected("a function", value, site);
    });
  }

  /** Calls a function (a lambda, a builtin, a functor) with one or more arguments. */
  call(fn: Lazy, args: readonly Lazy[], site?: Span): Value {
    const value = this.force(fn);
    switch (value.kind) {
      case "function":
        return this.callFunction(value, args, site);
      case "attrs":
        return this.callFunctor(value, args, site);
      case "unknown":
      case "error":
        return value;
      case "alternatives":
        return this.each(value, known => this.call(known, args, site));
      default: {
        const message = `attempt to call something which is not a function but ${describe(value)}`;
        return errorValue("type", message, site);
      }
    }
  }

  private callFunction(fn: FunctionValue, args: readonly Lazy[], site: Span | undefined): Value {
    const given = fn.bound.length === 0 ? args : [...fn.bound, ...args];
    if (given.length < fn.arity) return { ...fn, bound: given };
    if (!this.spend(1) || this.depth >= this.limits.depth) return this.limit;
    this.depth++;
    const exact = given.length === fn.arity;
    const taken = exact ? given : given.slice(0, fn.arity);
    const value =
      this.depth === 1 ? this.protect(() => fn.run(this, taken, site)) : fn.run(this, taken, site);
    this.depth--;
    if (value.kind === "error") return traced(value, site);
    return exact ? value : this.call(value, given.slice(fn.arity), site);
  }

  private callFunctor(set: AttrsValue, args: readonly Lazy[], site: Span | undefined): Value {
    const functor = set.attrs.get("__functor");
    if (functor !== undefined) return this.call(functor.value, [set, ...args], site);
    if (set.open !== undefined) return unknownValue(set.open, site);
    return errorValue("type", "attempt to call something which is not a function but a set", site);
  }

  /** `target.name`; a missing attribute is an error, or Unknown where the set is open. */
  select(target: Lazy, name: string, site?: Span): Value {
    return this.useAttrs(target, site, set => {
      const attr = set.attrs.get(name);
      if (attr !== undefined) return this.force(attr.value);
      const open = openFor(set, name);
      return open === undefined ? missingAttribute(set, name, site) : unknownValue(open, site);
    });
  }
}
